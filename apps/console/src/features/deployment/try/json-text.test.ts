import { describe, expect, test } from "vitest";
import { isArray, isNumber, isObject, type Json, placeIn, prettyJson, readJson, writeJson } from "./json-text.ts";

/** The value as JavaScript holds it, to compare with JSON.parse. */
function plain(value: Json): unknown {
  if (isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]));
  return isNumber(value) ? Number(value.number) : value;
}

describe("reading", () => {
  test("it understands whatever JSON.parse understands, and refuses what that refuses", () => {
    const texts = [
      '{"a":[1,-2.5e3,0,"x\\n\\u00e9\\"",true,false,null,{}],"b":{"c":[[],[1]]}}',
      " [ ] ",
      "1",
      '"é"',
      "01",
      "1.",
      ".5",
      "+1",
      "[1,]",
      "{,}",
      '{"a" 1}',
      "'a'",
      '"\\x"',
      '"\n"',
      "nul",
      "[1 2]",
      "",
      "1 2",
      "NaN",
      "-",
      '{"a":1,}',
      "[",
      '"',
      "tru",
      "-Infinity",
      "1e",
      '{"a"}',
    ];
    for (const text of texts) {
      let expected: unknown = "refused";
      try {
        expected = JSON.parse(text);
      } catch {}
      const result = readJson(text);
      expect(result.ok ? plain(result.value) : "refused", text).toEqual(expected);
    }
  });

  test("what is wrong comes with its line and column", () => {
    expect(readJson('{\n  "a": 1\n  "b": 2\n}')).toEqual({
      ok: false,
      problem: { line: 3, column: 3, words: "A comma or } is expected here." },
    });
    expect(readJson("[1, x1]")).toMatchObject({ problem: { line: 1, column: 5, words: "x is not a JSON value." } });
  });

  test("a name twice and endless nesting are refused, not guessed at", () => {
    expect(readJson('{"a":1,"a":2}')).toMatchObject({ ok: false, problem: { words: "a is given twice." } });
    expect(readJson("[".repeat(10_000))).toMatchObject({ ok: false });
  });
});

describe("finding", () => {
  const text = '{\n  "inputs": [\n    { "name": "x", "shape": [1, 2] },\n    { "a.b": 1 }\n  ]\n}';

  test("a value is found by its path, and what is not there by its nearest parent", () => {
    expect(placeIn(text, ["inputs", "0", "shape"])).toEqual({ line: 3, column: 29 });
    expect(placeIn(text, ["inputs", "0", "shape", "1"])).toEqual({ line: 3, column: 33 });
    expect(placeIn(text, ["inputs", "1", "a.b"])).toEqual({ line: 4, column: 14 });
    expect(placeIn(text, ["inputs", "0", "datatype"])).toEqual({ line: 3, column: 5 });
    expect(placeIn(text, ["outputs"])).toEqual({ line: 1, column: 1 });
    expect(placeIn("{", ["inputs"])).toEqual({ line: 1, column: 1 });
  });
});

describe("writing", () => {
  test("numbers stay as they were written, also beyond 53 bits", () => {
    const text = '{ "a": [9007199254740993, 1.50, -0, 1e400] }';
    const result = readJson(text);
    expect(result.ok && writeJson(result.value)).toBe(text);
  });

  test("a long list wraps within the line and means the same", () => {
    const long = JSON.stringify({ inputs: [{ data: Array.from({ length: 100 }, (_, index) => index / 8) }], id: "x" });
    const result = readJson(long);
    const pretty = result.ok ? prettyJson(result.value) : "";
    expect(JSON.parse(pretty)).toEqual(JSON.parse(long));
    for (const line of pretty.split("\n")) expect(line.length).toBeLessThanOrEqual(72);
    expect(pretty.split("\n").length).toBeGreaterThan(5);
    expect(pretty.split("\n").length).toBeLessThan(25);
  });
});
