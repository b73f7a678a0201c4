import { describe, expect, test } from "vitest";
import { correctedBody } from "./corrected-body.ts";
import { type Json, readJson } from "./json-text.ts";
import { addRow, bodyOf, formOf, setCell, tensorOf } from "./tensor-form.ts";

const ROWS = { name: "input", datatype: "FP32", shape: [-1, 4] };
const IDS = { name: "ids", datatype: "INT64", shape: [-1] };
const IMAGE = { name: "image", datatype: "UINT8", shape: [-1, 3, -1, -1] };
const WIDE = { name: "pixels", datatype: "FP32", shape: [-1, 64] };

function json(value: unknown): Json {
  const result = readJson(typeof value === "string" ? value : JSON.stringify(value));
  if (!result.ok) throw new Error(result.problem.words);
  return result.value;
}
const input = (name: string, datatype: string, shape: number[], data: unknown[]) => ({ name, datatype, shape, data });
const parsed = (text: string) => JSON.parse(text);

describe("form and body", () => {
  test("a body goes into the form and comes out of it as it was, other fields and all", () => {
    const body = {
      inputs: [input("input", "FP32", [2, 4], [1, 2.5, 3, 4, 5, 6, 7, -8e-3])],
      id: "mine",
      parameters: { sample: "x" },
    };
    const { form, left } = formOf(json(body), [ROWS]);
    expect(left).toEqual([]);
    expect(form.tensors[0]).toMatchObject({
      layout: "grid",
      rows: [
        ["1", "2.5", "3", "4"],
        ["5", "6", "7", "-0.008"],
      ],
    });
    const result = bodyOf(form);
    expect(result.ok && parsed(result.text)).toEqual(body);
  });

  test("64-bit integers stay exact, and nested data is read like flat data", () => {
    const { form } = formOf(
      json('{"inputs":[{"name":"ids","datatype":"INT64","shape":[1],"data":[[9007199254740993]]}]}'),
      [IDS],
    );
    const result = bodyOf(form);
    expect(result.ok && result.text).toContain("[9007199254740993]");
  });

  test("wide or long tensors are a text with a line to each row; free sizes are typed", () => {
    const wide = formOf(json({ inputs: [input("pixels", "FP32", [2, 64], Array(128).fill(0.5))] }), [WIDE]);
    expect(wide.form.tensors[0]).toMatchObject({ layout: "text" });
    expect(wide.form.tensors[0]?.text.split("\n")).toHaveLength(2);
    const wideBody = bodyOf(wide.form);
    expect(wideBody.ok && parsed(wideBody.text).inputs[0].shape).toEqual([2, 64]);
    const long = tensorOf(IDS, Array(21).fill("1"));
    expect(long.layout).toBe("text");
    const image = formOf(json({ inputs: [input("image", "UINT8", [1, 3, 1, 2], [1, 2, 3, 4, 5, 6])] }), [IMAGE]);
    expect(image.form.tensors[0]).toMatchObject({ layout: "text", sizes: "1, 3, 1, 2" });
    const imageBody = bodyOf(image.form);
    expect(imageBody.ok && parsed(imageBody.text).inputs[0].shape).toEqual([1, 3, 1, 2]);
  });

  test("what is wrong is said of its cell, all of it at once", () => {
    const tensor = setCell(setCell(tensorOf(IDS, ["1", "2"]), 0, 0, "one"), 1, 0, "9223372036854775808");
    expect(bodyOf({ tensors: [tensor, tensorOf(ROWS, ["1"])], rest: [] })).toMatchObject({
      ok: false,
      problems: [
        { tensor: "ids", row: 0, words: "Row 1 is “one”, which is no whole number." },
        { tensor: "ids", row: 1, words: expect.stringContaining("INT64 goes from") },
        { tensor: "input", row: 0, column: 1, words: "Row 1, column 2, is missing." },
        { column: 2 },
        { column: 3 },
      ],
    });
    expect(bodyOf({ tensors: [{ ...tensorOf(WIDE, []), text: "1 2 3" }], rest: [] })).toMatchObject({
      problems: [{ words: "A row takes 64 values; 3 values make no whole rows." }],
    });
    expect(bodyOf({ tensors: [{ ...tensorOf(IMAGE, []), text: "1", sizes: "1, 4, 1, 1" }], rest: [] })).toMatchObject({
      problems: [{ words: expect.stringContaining("[any, 3, any, any]") }],
    });
  });

  test("a row can be added, and texts may hold commas", () => {
    const result = bodyOf({
      tensors: [addRow(tensorOf({ ...ROWS, datatype: "BYTES", shape: [-1] }, ["a, b"]))],
      rest: [],
    });
    expect(result.ok && parsed(result.text).inputs[0]).toMatchObject({ shape: [2], data: ["a, b", ""] });
  });

  test("an input that the signature lacks is named, not silently dropped", () => {
    expect(formOf(json({ inputs: [input("other", "FP32", [1], [1])] }), [ROWS]).left).toEqual(["input other"]);
  });
});

describe("the corrected body", () => {
  const correct = (body: unknown) => {
    const correction = correctedBody(json(body), {
      inputs: [ROWS],
      outputs: [{ name: "label", datatype: "INT64", shape: [-1] }],
    });
    return correction === null ? null : { ...correction, body: parsed(correction.text) };
  };

  test("it is none where nothing is wrong", () => {
    expect(
      correct({ inputs: [input("input", "FP32", [1, 4], [[1, 2, 3, 4]])], outputs: [{ name: "label" }] }),
    ).toBeNull();
  });

  test("a wrong name, datatype and shape are mended and the values kept", () => {
    const fixed = correct({ inputs: [input("x", "INT32", [4], [1, 2, 3, 4])], id: "kept" });
    expect(fixed?.body).toEqual({ inputs: [input("input", "FP32", [1, 4], [1, 2, 3, 4])], id: "kept" });
    expect(fixed?.changes).toEqual([
      "Input x is now named input.",
      "Datatype of input is FP32.",
      "Shape of input is [1, 4].",
    ]);
  });

  test("missing values become zeros, values without a place go, what is no number is replaced", () => {
    expect(correct({ inputs: [input("input", "FP32", [1, 3], [1, 2, 3])] })?.body.inputs[0].data).toEqual([1, 2, 3, 0]);
    expect(correct({ inputs: [input("input", "FP32", [1, 6], [1, 2, 3, 4, 5, 6])] })?.body.inputs[0].data).toEqual([
      1, 2, 3, 4,
    ]);
    expect(correct({ inputs: [input("input", "FP32", [1, 4], [1, "a", null, 4])] })?.body.inputs[0].data).toEqual([
      1, 0, 0, 4,
    ]);
  });

  test("anything at all becomes a body of the signature", () => {
    for (const body of [
      null,
      [],
      1,
      {},
      { inputs: 5 },
      { inputs: [null, 3] },
      { inputs: [], outputs: [{ name: "no" }] },
    ]) {
      expect(correct(body)?.body).toEqual({ inputs: [input("input", "FP32", [1, 4], [0, 0, 0, 0])] });
    }
    const whole = correctedBody(json({ inputs: [input("ids", "FP32", [2], [5.9, "x"])] }), {
      inputs: [IDS],
      outputs: [],
    });
    expect(parsed(whole?.text ?? "")).toEqual({ inputs: [input("ids", "INT64", [2], [5, 0])] });
  });
});
