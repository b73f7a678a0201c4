import { expect, test } from "vitest";
import type { Failure } from "../../trpc/failure.ts";
import { problemIn, readSample, sampleText } from "./sample-text.ts";

const TEXT = '{\n  "inputs": [\n    { "name": "x", "shape": [1, 3] }\n  ]\n}';
const refusal = (words: string, field: string, message = words): Failure => ({
  ...{ code: "tensor/shape", words, check: "" },
  problems: [{ field, message }],
});

test("a sample is read as it was typed, and what is none is refused at its line", () => {
  expect(readSample(TEXT)).toEqual({ ok: true, sample: JSON.parse(TEXT) });
  const problems = [
    "[1]",
    '{\n"inputs": 1}',
    '{"inputs": [],\n "id": "a"}',
    "{",
    '{"inputs": [],\n"parameters": []}',
  ].map((text) => {
    const result = readSample(text);
    return result.ok ? "taken" : `${result.problem.line}: ${result.problem.words}`;
  });
  expect(problems).toEqual([
    "1: A sample is an object with a list named inputs.",
    "2: inputs must be a list of objects.",
    "2: id is not known; a sample has inputs, outputs and parameters.",
    "1: A name in double quotes is expected here.",
    "2: parameters must be an object.",
  ]);
});

test("what the model or a rule refuses stands at its place in the text, in whole sentences", () => {
  const shape = "Input x has shape [1, 3]; the model takes [any, 2].";
  expect(problemIn(TEXT, refusal(shape, "sample.inputs.0.shape"))).toEqual({ line: 3, column: 29, words: shape });
  const rule = refusal("sample.inputs must hold at most 64.", "sample.inputs", "is a list of 65; must hold at most 64");
  expect(problemIn(TEXT, rule)).toMatchObject({ line: 2, words: "inputs is a list of 65; must hold at most 64." });
  expect(problemIn(TEXT, refusal("iris has no version 3.", "version"))).toBeNull();
  expect(problemIn(TEXT, null)).toBeNull();
});

test("one begins with the sample that there is, without the note that it was generated, or with what the model takes", () => {
  const input = { data: [1, 2], name: "x", shape: [1, 2], datatype: "FP32" };
  const parameters = { sample: "made from the model's signature" };
  const begun = (origin: "given" | "generated") =>
    JSON.parse(sampleText({ sample: { origin, request: { parameters, inputs: [input] } }, signature: null }));
  expect(begun("generated")).toEqual({ inputs: [input] });
  expect(begun("given")).toEqual({ inputs: [input], parameters });
  const signature = { inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }], outputs: [] };
  const text = sampleText({ sample: null, signature });
  expect(JSON.parse(text)).toEqual({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [] }] });
  expect(text.indexOf('"name"')).toBeLessThan(text.indexOf('"data"'));
});
