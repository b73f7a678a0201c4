import { expect, test } from "vitest";
import { boundTime } from "./bounded-time.ts";
import { countingModel, doublingModel, endlessModel, lookUpModel, scalingModel } from "./testing/models.ts";
import { type Initializer, type Node, onnxModel, type Value } from "./testing/onnx-builder.ts";
import { graphOf } from "./testing/temporary-graph.ts";

const numbers = (name: string, values: readonly number[]): Initializer => ({
  name,
  datatype: "INT64",
  dims: [values.length],
  raw: Buffer.from(BigInt64Array.from(values, BigInt).buffer),
});
const x: Value = { name: "x", datatype: "FP32", shape: ["n", 4] };
const sizes: Value = { name: "sizes", datatype: "INT64", shape: [2] };

function bound(nodes: readonly Node[], inputs: readonly Value[], initializers: readonly Initializer[] = []) {
  const outputs: Value[] = [{ name: "y", datatype: "FP32", shape: null }];
  return boundTime(graphOf(onnxModel({ nodes, inputs, outputs, initializers })));
}

test.each([
  ["sums", doublingModel()],
  ["products", scalingModel(2)],
  ["look-ups", lookUpModel()],
])("%s take a time that follows from their inputs' sizes", (_name, bytes) => {
  expect(boundTime(graphOf(bytes))).toEqual({ bounded: true, reason: "" });
});

test.each([
  ["a loop of the caller's length", countingModel()],
  ["a loop of the file's length", endlessModel()],
])("%s is not bounded, and the reason names it", (_name, bytes) => {
  expect(boundTime(graphOf(bytes))).toMatchObject({ bounded: false, reason: expect.stringContaining("Loop (y)") });
});

test.each<[string, Node[], Value[]]>([
  ["ConstantOfShape", [{ op: "ConstantOfShape", inputs: ["sizes"], outputs: ["y"] }], [sizes]],
  ["Expand", [{ op: "Expand", inputs: ["x", "sizes"], outputs: ["y"] }], [x, sizes]],
  ["Tile", [{ op: "Tile", inputs: ["x", "sizes"], outputs: ["y"] }], [x, sizes]],
  ["Range", [{ op: "Range", inputs: ["sizes", "sizes", "sizes"], outputs: ["y"] }], [sizes]],
  ["NonZero", [{ op: "NonZero", inputs: ["x"], outputs: ["y"] }], [x]],
  ["StringNormalizer", [{ op: "StringNormalizer", inputs: ["x"], outputs: ["y"] }], [x]],
  ["SequenceMap", [{ op: "SequenceMap", inputs: ["x"], outputs: ["y"] }], [x]],
  ["com.example.Wait", [{ op: "Wait", domain: "com.example", inputs: ["x"], outputs: ["y"] }], [x]],
])("%s is not bounded where its input's values decide, and the reason names the node", (op, nodes, inputs) => {
  expect(bound(nodes, inputs)).toMatchObject({ bounded: false, reason: expect.stringContaining(`${op} (y)`) });
});

test("a size that comes from a shape or from the file is a bound", () => {
  const shaped: Node[] = [
    { op: "Shape", inputs: ["x"], outputs: ["shape"] },
    { op: "Gather", inputs: ["shape", "first"], outputs: ["rows"] },
    { op: "Concat", inputs: ["rows", "width"], outputs: ["wanted"], attributes: [{ name: "axis", int: 0 }] },
    { op: "ConstantOfShape", inputs: ["wanted"], outputs: ["y"] },
  ];
  expect(bound(shaped, [x], [numbers("first", [0]), numbers("width", [7])])).toMatchObject({ bounded: true });
});

test("a product of sizes, and a size that passed through an input's values, are none", () => {
  const squared: Node[] = [
    { op: "Shape", inputs: ["x"], outputs: ["shape"] },
    { op: "Mul", inputs: ["shape", "shape"], outputs: ["square"] },
    { op: "ConstantOfShape", inputs: ["square"], outputs: ["y"] },
  ];
  expect(bound(squared, [x])).toMatchObject({ bounded: false, reason: expect.stringContaining("ConstantOfShape (y)") });
  const added: Node[] = [
    { op: "Shape", inputs: ["x"], outputs: ["shape"] },
    { op: "Add", inputs: ["shape", "sizes"], outputs: ["more"] },
    { op: "ConstantOfShape", inputs: ["more"], outputs: ["y"] },
  ];
  expect(bound(added, [x, sizes])).toMatchObject({ bounded: false });
});
