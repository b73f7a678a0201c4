import { expect, test } from "vitest";
import { sampleRequest, sampleShapes } from "./sample-request.ts";
import type { Signature } from "./signature.ts";

const speech: Signature = {
  inputs: [
    { name: "input", datatype: "FP32", shape: [-1, -1] },
    { name: "state", datatype: "FP32", shape: [2, -1, 128] },
    { name: "sr", datatype: "INT64", shape: [] },
  ],
  outputs: [],
};

test("the smallest shapes come first, and larger ones let what is open grow while the rows stay one", () => {
  const shapes = sampleShapes(speech);
  expect(shapes[0]).toEqual([[1, 1], [2, 1, 128], []]);
  expect(shapes).toContainEqual([[1, 512], [2, 1, 128], []]);
  expect(shapes.every(([input]) => input?.[0] === 1)).toBe(true);
});

test("a dimension that is called like the rows is one of them", () => {
  const named = sampleShapes(speech, [["batch", "time"], [null, "batch", null], []]);
  expect(named.every(([, state]) => state?.[1] === 1)).toBe(true);
});

test("a sample has the shapes that were answered, and is none where they are too large to show", () => {
  const shapes = [[1, 512], [2, 1, 128], []];
  expect(sampleRequest(speech, shapes)?.inputs.map(({ shape }) => shape)).toEqual(shapes);
  expect(sampleRequest(speech)?.inputs.map(({ shape }) => shape)).toEqual([[1, 1], [2, 1, 128], []]);
  expect(sampleRequest(speech, [[1, 5_000], [2, 1, 128], []])).toBeNull();
});
