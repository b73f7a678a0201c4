import type { OnnxDatatype as Datatype } from "../element-types.ts";
import { type Graph, type Metadata, onnxModel, type Value } from "./onnx-builder.ts";

/** Small models made by hand, each for one promise of the server. */

const rows = (name: string, datatype: Datatype, width: number): Value => ({ name, datatype, shape: ["n", width] });

/** Gives back what it gets, whatever its shape. */
export function identityModel(datatype: Datatype): Buffer {
  return onnxModel({
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    inputs: [{ name: "x", datatype, shape: null }],
    outputs: [{ name: "y", datatype, shape: null }],
  });
}

/** y = x + x by row: as independent as rows can be. */
export function doublingModel(metadata: Metadata = {}): Buffer {
  const graph: Graph = {
    nodes: [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
  };
  return onnxModel(graph, metadata);
}

/** y = x * factor by row, so that an answer tells which version gave it. */
export function scalingModel(factor: number): Buffer {
  return onnxModel({
    nodes: [{ op: "Mul", inputs: ["x", "factor"], outputs: ["y"] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
    initializers: [{ name: "factor", datatype: "FP32", dims: [1], raw: Buffer.from(Float32Array.of(factor).buffer) }],
  });
}

/** Softmax over the rows, so that each row depends on those beside it. */
export function softmaxOverRowsModel(): Buffer {
  return onnxModel({
    nodes: [{ op: "Softmax", inputs: ["x"], outputs: ["y"], attributes: [{ name: "axis", int: 0 }] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
  });
}

/** x plus the mean of all rows: the number of rows is kept, their independence is not. */
export function neighbourlyModel(): Buffer {
  return onnxModel({
    nodes: [
      { op: "ReduceMean", inputs: ["x"], outputs: ["mean"], attributes: [{ name: "axes", ints: [0] }] },
      { op: "Add", inputs: ["x", "mean"], outputs: ["y"] },
    ],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
  });
}

/** One sum for all rows together. */
export function totalModel(): Buffer {
  return onnxModel({
    nodes: [{ op: "ReduceMean", inputs: ["x"], outputs: ["y"], attributes: [{ name: "axes", ints: [0] }] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [{ name: "y", datatype: "FP32", shape: [1, 2] }],
  });
}

/** Every row times the mean of all: work and memory grow with the square of the rows, whatever their values. */
export function pairwiseModel(): Buffer {
  return onnxModel({
    nodes: [
      { op: "Transpose", inputs: ["x"], outputs: ["across"] },
      { op: "MatMul", inputs: ["x", "across"], outputs: ["pairs"] },
      { op: "ReduceMean", inputs: ["pairs"], outputs: ["y"], attributes: [{ name: "axes", ints: [1] }] },
    ],
    inputs: [rows("x", "FP32", 1)],
    outputs: [rows("y", "FP32", 1)],
  });
}

/** y = sqrt(x): NaN for what is below zero. */
export function squareRootModel(): Buffer {
  return onnxModel({
    nodes: [{ op: "Sqrt", inputs: ["x"], outputs: ["y"] }],
    inputs: [rows("x", "FP32", 1)],
    outputs: [rows("y", "FP32", 1)],
  });
}

/** Looks up entry x of a list of 4; any other index fails the run, and with it a whole batch. */
export function lookUpModel(): Buffer {
  const table = Buffer.from(Float32Array.of(10, 20, 30, 40).buffer);
  return onnxModel({
    nodes: [{ op: "Gather", inputs: ["table", "x"], outputs: ["y"] }],
    inputs: [rows("x", "INT64", 1)],
    outputs: [rows("y", "FP32", 1)],
    initializers: [{ name: "table", datatype: "FP32", dims: [4], raw: table }],
  });
}

/** Weights that lie in another file. */
export function externalDataModel(location: string): Buffer {
  return onnxModel({
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
    initializers: [{ name: "w", datatype: "FP32", dims: [2], location }],
  });
}

const INT64_MAX = 9_223_372_036_854_775_807n;

/** Counts up to its input: as quick or slow as a request makes it. */
export function countingModel(): Buffer {
  const scalar = (name: string, datatype: Datatype): Value => ({ name, datatype, shape: [] });
  const body: Graph = {
    nodes: [
      { op: "Identity", inputs: ["go"], outputs: ["goOn"] },
      { op: "Add", inputs: ["count", "one"], outputs: ["next"] },
    ],
    inputs: [scalar("trip", "INT64"), scalar("go", "BOOL"), scalar("count", "INT64")],
    outputs: [scalar("goOn", "BOOL"), scalar("next", "INT64")],
  };
  return onnxModel({
    nodes: [{ op: "Loop", inputs: ["x", "yes", "zero"], outputs: ["y"], attributes: [{ name: "body", graph: body }] }],
    inputs: [scalar("x", "INT64")],
    outputs: [scalar("y", "INT64")],
    initializers: [
      { name: "yes", datatype: "BOOL", dims: [], raw: Buffer.from([1]) },
      { name: "zero", datatype: "INT64", dims: [], raw: Buffer.from(BigInt64Array.of(0n).buffer) },
      { name: "one", datatype: "INT64", dims: [], raw: Buffer.from(BigInt64Array.of(1n).buffer) },
    ],
  });
}

/** Makes as many zeros as its input says, and counts them: how much memory a run takes is the caller's to say. */
export function roomyModel(): Buffer {
  return onnxModel({
    nodes: [
      { op: "ConstantOfShape", inputs: ["x"], outputs: ["zeros"] },
      { op: "Neg", inputs: ["zeros"], outputs: ["others"] },
      { op: "Size", inputs: ["others"], outputs: ["y"] },
    ],
    inputs: [{ name: "x", datatype: "INT64", shape: [1] }],
    outputs: [{ name: "y", datatype: "INT64", shape: [] }],
  });
}

/** Adds x to itself `trips` times in a loop; long enough, it is a slow model. */
export function loopingModel(trips: bigint): Buffer {
  const body: Graph = {
    nodes: [
      { op: "Identity", inputs: ["go"], outputs: ["goOn"] },
      { op: "Add", inputs: ["sum", "x"], outputs: ["next"] },
    ],
    inputs: [
      { name: "trip", datatype: "INT64", shape: [] },
      { name: "go", datatype: "BOOL", shape: [] },
      { name: "sum", datatype: "FP32", shape: ["n", 2] },
    ],
    outputs: [
      { name: "goOn", datatype: "BOOL", shape: [] },
      { name: "next", datatype: "FP32", shape: ["n", 2] },
    ],
  };
  const count = Buffer.from(BigInt64Array.of(trips).buffer);
  return onnxModel({
    nodes: [{ op: "Loop", inputs: ["trips", "yes", "x"], outputs: ["y"], attributes: [{ name: "body", graph: body }] }],
    inputs: [rows("x", "FP32", 2)],
    outputs: [rows("y", "FP32", 2)],
    initializers: [
      { name: "trips", datatype: "INT64", dims: [], raw: count },
      { name: "yes", datatype: "BOOL", dims: [], raw: Buffer.from([1]) },
    ],
  });
}

/** Never ends its first run, so a load that tries it hangs. */
export function endlessModel(): Buffer {
  return loopingModel(INT64_MAX);
}

/**
 * Kills the process that loads it: a decision tree so deep that the runtime, which lays trees out by recursion, runs
 * over the end of its stack. Every one of its bytes is a valid model.
 */
export function crashingModel(): Buffer {
  const branches = 20_000;
  const all = Array.from({ length: 2 * branches + 1 }, (_, index) => index);
  const zeros = all.map(() => 0);
  const isBranch = (index: number) => index < branches;
  const leaves = all.filter((index) => !isBranch(index));
  return onnxModel({
    nodes: [
      {
        op: "TreeEnsembleRegressor",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["y"],
        attributes: [
          { name: "n_targets", int: 1 },
          { name: "nodes_treeids", ints: zeros },
          { name: "nodes_nodeids", ints: all },
          { name: "nodes_featureids", ints: zeros },
          { name: "nodes_values", floats: all },
          { name: "nodes_modes", strings: all.map((index) => (isBranch(index) ? "BRANCH_LEQ" : "LEAF")) },
          { name: "nodes_truenodeids", ints: all.map((index) => (isBranch(index) ? branches + 1 + index : 0)) },
          { name: "nodes_falsenodeids", ints: all.map((index) => (isBranch(index) ? index + 1 : 0)) },
          { name: "nodes_missing_value_tracks_true", ints: zeros },
          { name: "target_treeids", ints: leaves.map(() => 0) },
          { name: "target_nodeids", ints: leaves },
          { name: "target_ids", ints: leaves.map(() => 0) },
          { name: "target_weights", floats: leaves.map(() => 1) },
        ],
      },
    ],
    inputs: [rows("x", "FP32", 1)],
    outputs: [rows("y", "FP32", 1)],
  });
}

/** y = x + x below so many conditions, each a graph inside the one before it. */
export function nestedModel(levels: number): Buffer {
  const graphAt = (level: number): Pick<Graph, "nodes" | "outputs"> => {
    const name = level === levels ? "y" : `y${level}`;
    const outputs: Value[] = [rows(name, "FP32", 2)];
    if (level === 0) return { nodes: [{ op: "Add", inputs: ["x", "x"], outputs: [name] }], outputs };
    const inner: Graph = { ...graphAt(level - 1), inputs: [] };
    const other: Graph = {
      nodes: [{ op: "Identity", inputs: ["x"], outputs: [`z${level}`] }],
      inputs: [],
      outputs: [rows(`z${level}`, "FP32", 2)],
    };
    const attributes = [
      { name: "then_branch", graph: inner },
      { name: "else_branch", graph: other },
    ];
    return { nodes: [{ op: "If", inputs: ["yes"], outputs: [name], attributes }], outputs };
  };
  return onnxModel({
    ...graphAt(levels),
    inputs: [rows("x", "FP32", 2)],
    initializers: [{ name: "yes", datatype: "BOOL", dims: [], raw: Buffer.from([1]) }],
  });
}
