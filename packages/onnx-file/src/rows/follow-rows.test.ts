import { expect, test } from "vitest";
import type { OnnxDatatype } from "../element-types.ts";
import { type Attribute, type Initializer, type Node, onnxModel, type Value } from "../testing/onnx-builder.ts";
import { graphOf } from "../testing/temporary-graph.ts";
import { followRows } from "./follow-rows.ts";

const numbers = (name: string, dims: number[], values: readonly number[] = []): Initializer => ({
  name,
  datatype: "FP32",
  dims,
  raw: Buffer.from(
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => values[index] ?? index + 1).buffer,
  ),
});
const integers = (name: string, values: readonly number[], dims = [values.length]): Initializer => ({
  name,
  datatype: "INT64",
  dims,
  raw: Buffer.from(BigInt64Array.from(values, BigInt).buffer),
});
const value = (name: string, shape: (number | string)[], datatype: OnnxDatatype = "FP32"): Value => ({
  name,
  datatype,
  shape,
});
const node = (op: string, inputs: string[], outputs: string[] = ["y"], attributes: Attribute[] = []): Node => ({
  op,
  inputs,
  outputs,
  attributes,
});
const ml = (op: string, inputs: string[], outputs = ["y"]): Node => ({
  ...node(op, inputs, outputs),
  domain: "ai.onnx.ml",
});
const int = (name: string, given: number): Attribute => ({ name, int: given });
const ints = (name: string, given: number[]): Attribute => ({ name, ints: given });

const CONSTANTS: Initializer[] = [
  numbers("w", [4, 3]),
  numbers("v", [2, 4]),
  numbers("bias", [4]),
  numbers("bias1", [1, 4]),
  numbers("perRow", [5, 1]),
  numbers("limit", [], [255]),
  numbers("lo", [], [1]),
  numbers("hi", [], [2]),
  numbers("kernel", [6, 3, 3, 3]),
  numbers("six", [6]),
  numbers("stack", [5, 4, 3]),
  numbers("table", [10, 4]),
  numbers("scales", [4], [1, 1, 2, 2]),
  numbers("rnnW", [1, 8, 4]),
  numbers("rnnR", [1, 8, 2]),
  integers("zero", [0]),
  integers("one", [1]),
  integers("minusOne", [-1]),
  integers("two", [2]),
  integers("axis0", [0], []),
  integers("axis1", [1], []),
  integers("far", [9_223_372_036]),
  integers("shape_1_2_2", [-1, 2, 2]),
  integers("shape02", [0, 2, 2]),
  integers("shape_1", [-1]),
  integers("shape4_1", [4, -1]),
  integers("shape_1_3", [-1, 3]),
  integers("shape_1_6", [-1, 6]),
  integers("pads", [0, 1, 0, 1]),
  integers("padsRows", [1, 0, 1, 0]),
  integers("repeat", [1, 3]),
  integers("repeatRows", [3, 1]),
];

function follow(nodes: Node[], inputs: Value[] = [value("x", ["n", 4])], opset = 17) {
  const outputs: Value[] = [{ name: "y", datatype: "FP32", shape: null }];
  return followRows(graphOf(onnxModel({ nodes, inputs, outputs, initializers: CONSTANTS }, {}, { opset })));
}

const image = [value("x", ["n", 3, 8, 8])];
const steps = [value("x", ["n", "t", 4])];
const ids = [value("x", ["n", 6], "INT64")];

const APART: [string, Node[], (Value[] | undefined)?, number?][] = [
  ["elements", [node("Relu", ["x"], ["a"]), node("Clip", ["a", "lo", "hi"])]],
  ["a bias for each column", [node("Add", ["x", "bias"], ["a"]), node("Mul", ["a", "bias1"])]],
  ["a layer", [node("MatMul", ["x", "w"])]],
  [
    "a layer with a stack of weights",
    [node("MatMul", ["x", "stack"], ["a"]), node("Transpose", ["a"], ["y"], [ints("perm", [1, 0, 2])])],
  ],
  ["a layer by the other operator", [node("Gemm", ["x", "v"], ["y"], [int("transB", 1)])]],
  ["rows as columns", [node("Transpose", ["x"], ["t"]), node("MatMul", ["v", "t"], ["a"]), node("Transpose", ["a"])]],
  ["a softmax of each row", [node("Softmax", ["x"])]],
  ["a softmax of old", [node("Softmax", ["x"])], undefined, 11],
  ["sums of each row", [node("ReduceSum", ["x", "minusOne"], ["a"], [int("keepdims", 0)]), node("Sqrt", ["a"])]],
  ["means of each row", [node("ReduceMean", ["x"], ["y"], [ints("axes", [-1])])]],
  [
    "the best of each row",
    [
      node("ArgMax", ["x"], ["a"], [int("axis", 1)]),
      ml("ArrayFeatureExtractor", ["six", "a"], ["b"]),
      node("Reshape", ["b", "shape_1"]),
    ],
  ],
  [
    "a row by what it holds itself",
    [
      node("ReduceMax", ["x"], ["m"], [ints("axes", [1])]),
      node("Greater", ["m", "limit"], ["deep"]),
      node("Where", ["deep", "hi", "lo"], ["s"]),
      node("Div", ["x", "s"]),
    ],
  ],
  [
    "an image",
    [
      node("Conv", ["x", "kernel"], ["a"]),
      node("MaxPool", ["a"], ["b"], [ints("kernel_shape", [2, 2])]),
      node("GlobalAveragePool", ["b"], ["c"]),
      node("Flatten", ["c"]),
    ],
    image,
  ],
  [
    "an image put flat without a name for its rows",
    [node("Conv", ["x", "kernel"], ["a"]), node("GlobalMaxPool", ["a"], ["b"]), node("Reshape", ["b", "shape_1_6"])],
    image,
  ],
  ["larger images", [node("Resize", ["x", "", "scales"])], image],
  ["rows put in a new shape", [node("Reshape", ["x", "shape_1_2_2"])]],
  ["rows put in a new shape by a zero", [node("Reshape", ["x", "shape02"])]],
  [
    "a shape that is computed",
    [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "zero"], ["n"]),
      node("Concat", ["n", "minusOne"], ["to"], [int("axis", 0)]),
      node("Reshape", ["x", "to"]),
    ],
    [value("x", ["n", "a", "b"])],
  ],
  [
    "rows that go to another axis and come back",
    [node("Transpose", ["x"], ["a"]), node("CumSum", ["a", "axis0"], ["b"]), node("Transpose", ["b"])],
  ],
  [
    "a sequence",
    [
      node("Transpose", ["x"], ["a"], [ints("perm", [1, 0, 2])]),
      node("LSTM", ["a", "rnnW", "rnnR"], ["", "h"], [int("hidden_size", 2)]),
      node("Squeeze", ["h", "zero"]),
    ],
    steps,
  ],
  ["embeddings", [node("Gather", ["table", "x"], ["a"]), node("ReduceMean", ["a"], ["y"], [ints("axes", [1])])], ids],
  ["parts of each row", [node("Slice", ["x", "zero", "two", "one"])]],
  ["all rows", [node("Slice", ["x", "zero", "far", "zero"])]],
  ["columns side by side", [node("Concat", ["x", "x"], ["y"], [int("axis", -1)])]],
  ["columns apart", [node("Split", ["x"], ["a", "y"], [int("axis", 1)])]],
  ["wider rows", [node("Pad", ["x", "pads"])]],
  ["repeated columns", [node("Tile", ["x", "repeat"])]],
  [
    "attention of each row to itself",
    [
      node("Transpose", ["x"], ["t"], [ints("perm", [0, 2, 1])]),
      node("MatMul", ["x", "t"], ["a"]),
      node("Softmax", ["a"], ["b"]),
      node("MatMul", ["b", "x"]),
    ],
    steps,
  ],
  ["the same by letters", [node("Einsum", ["x", "x"], ["y"], [{ name: "equation", text: "bij,bkj->bik" }])], steps],
  [
    "a table of two inputs",
    [
      node("Concat", ["x", "z"], ["a"], [int("axis", 1)]),
      ml("Scaler", ["a"], ["b"]),
      ml("TreeEnsembleRegressor", ["b"]),
    ],
    [value("x", ["n", 1]), value("z", ["m", 1])],
  ],
  ["labels and scores", [ml("LinearClassifier", ["x"], ["label", "s"]), ml("Normalizer", ["s"])]],
];

test.each(APART)("%s: rows are apart", (_name, nodes, inputs, opset) => {
  expect(follow(nodes, inputs, opset)).toEqual({ apart: true, reason: "" });
});

const TOGETHER: [string, string, Node[], (Value[] | undefined)?, number?][] = [
  [
    "a scale by the largest of all pixels",
    "ReduceMax (m)",
    [
      node("ReduceMax", ["x"], ["m"], [int("keepdims", 0)]),
      node("Greater", ["m", "limit"], ["deep"]),
      node("Where", ["deep", "hi", "lo"], ["s"]),
      node("Div", ["x", "s"]),
    ],
  ],
  [
    "a clip of the norm of all",
    "ReduceL2 (norm)",
    [
      node("ReduceL2", ["x"], ["norm"], [int("keepdims", 0)]),
      node("Max", ["norm", "limit"], ["m"]),
      node("Div", ["x", "m"]),
    ],
  ],
  [
    "numbers of words that are told apart by the largest",
    "ReduceMax (m)",
    [
      node("ReduceMax", ["x"], ["m"], [int("keepdims", 0)]),
      node("Gather", ["table", "x"], ["e"]),
      node("Cast", ["m"], ["f"], [int("to", 1)]),
      node("Mul", ["e", "f"]),
    ],
    ids,
  ],
  [
    "a model that is quantized as it runs",
    "DynamicQuantizeLinear (q)",
    [node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]), node("DequantizeLinear", ["q", "s", "z"])],
  ],
  ["a softmax over rows", "Softmax (y)", [node("Softmax", ["x"], ["y"], [int("axis", 0)])]],
  ["a softmax of old over all", "Softmax (y)", [node("Softmax", ["x"], ["y"], [int("axis", 0)])], undefined, 11],
  ["a running sum over rows", "CumSum (y)", [node("CumSum", ["x", "axis0"])]],
  ["the best row", "ArgMax (y)", [node("ArgMax", ["x"])]],
  ["rows against rows", "MatMul (y)", [node("Transpose", ["x"], ["t"]), node("MatMul", ["x", "t"])]],
  ["rows that are summed", "MatMul (y)", [node("Transpose", ["x"], ["t"]), node("MatMul", ["t", "x"])]],
  ["rows that are weighed", "Gemm (y)", [node("Gemm", ["x", "v"], ["y"], [int("transA", 1)])]],
  ["a constant for each of five rows", "Add (y)", [node("Add", ["x", "perRow"])]],
  [
    "rows beside columns",
    "Add (y)",
    [node("ReduceSum", ["x", "one"], ["a"], [int("keepdims", 0)]), node("Add", ["x", "a"])],
  ],
  ["one list of all", "Reshape (y)", [node("Reshape", ["x", "shape_1"])]],
  ["as many rows as fit", "Reshape (y)", [node("Reshape", ["x", "shape_1_3"])]],
  ["rows that become columns without being turned", "Reshape (y)", [node("Reshape", ["x", "shape4_1"])]],
  ["one row of all", "Flatten (y)", [node("Flatten", ["x"], ["y"], [int("axis", 0)])]],
  ["axes that vanish with one row", "Squeeze (y)", [node("Squeeze", ["x"])]],
  ["the first rows", "Slice (y)", [node("Slice", ["x", "zero", "two"])]],
  ["rows behind rows", "Concat (y)", [node("Concat", ["x", "x"], ["y"], [int("axis", 0)])]],
  ["rows in parts", "Split (y)", [node("Split", ["x"], ["y"])]],
  ["rows by number", "Gather (y)", [node("Gather", ["x", "zero"])]],
  ["more rows", "Pad (y)", [node("Pad", ["x", "padsRows"])]],
  ["rows again and again", "Tile (y)", [node("Tile", ["x", "repeatRows"])]],
  [
    "how many rows there are",
    "Cast (f)",
    [
      node("Shape", ["x"], ["s"]),
      node("Cast", ["s"], ["f"], [int("to", 1)]),
      node("ReduceSum", ["f"], ["sum"]),
      node("Mul", ["x", "sum"]),
    ],
  ],
  [
    "moments that are learnt",
    "BatchNormalization (y)",
    [node("BatchNormalization", ["x", "bias", "bias", "bias", "bias"], ["y", "m", "v"], [int("training_mode", 1)])],
  ],
  ["places of pixels", "the places", [node("MaxPool", ["x"], ["a", "y"], [ints("kernel_shape", [2, 2])])], image],
  [
    "a sequence whose steps are the rows",
    "LSTM (h)",
    [node("LSTM", ["x", "rnnW", "rnnR"], ["", "h"], [int("hidden_size", 2)]), node("Squeeze", ["h", "zero"])],
    steps,
  ],
  ["chance", "RandomNormalLike (r)", [node("RandomNormalLike", ["x"], ["r"]), node("Add", ["x", "r"])]],
  ["an operator of somebody's", "com.example.Add (y)", [{ ...node("Add", ["x", "x"]), domain: "com.example" }]],
  ["rows at another axis", "output y has its rows at axis 1", [node("Transpose", ["x"])]],
  ["a constant", "output y is one for all rows", [node("Identity", ["bias"])]],
  [
    "letters that sum over rows",
    "Einsum (y)",
    [node("Einsum", ["x", "x"], ["y"], [{ name: "equation", text: "bi,bj->ij" }])],
  ],
  ["operators of another time", "Add (y)", [node("Add", ["x", "bias"])], undefined, 6],
];

test.each(TOGETHER)("%s: rows are not apart, and the reason names %s", (_name, named, nodes, inputs, opset) => {
  expect(follow(nodes, inputs, opset)).toEqual({ apart: false, reason: expect.stringContaining(named) });
});

test("what stops the rows is the first operator on the way to an output, and one beside that way stops nothing", () => {
  const aside = [node("ReduceSum", ["x"], ["unused"]), node("Relu", ["x"])];
  expect(follow(aside)).toEqual({ apart: true, reason: "" });
  const twice = [
    node("ReduceSum", ["x"], ["a"]),
    node("Add", ["x", "a"], ["b"]),
    node("Softmax", ["b"], ["y"], [int("axis", 0)]),
  ];
  expect(follow(twice)).toMatchObject({ reason: expect.stringContaining("ReduceSum (a)") });
});

test("an input without rows, or with a number of rows of its own, is never joined", () => {
  const beside = [value("x", ["n", 4]), value("k", [])];
  expect(follow([node("Mul", ["x", "k"])], beside).reason).toBe("input k has no free first dimension");
  expect(follow([node("Relu", ["x"])], [value("x", [8, 4])]).reason).toBe("input x has no free first dimension");
});
