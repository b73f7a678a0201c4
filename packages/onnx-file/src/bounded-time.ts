import { functionKey, type GraphNode, nodeTitle, type OnnxGraph } from "./graph.ts";

/** Whether the size of its inputs bounds how long a model runs; `reason` names the first operator for which it does not. */
export type TimeBound = { bounded: true; reason: "" } | { bounded: false; reason: string };

/**
 * Operators whose work follows from the sizes of what they take. Left out: loops and branches, text of any length,
 * sequences, and those whose result has a size that is not known before its values are. What a later version of ONNX
 * adds is not here until somebody has looked at it.
 */
const BOUNDED: ReadonlySet<string> = new Set([
  ...["Abs", "Acos", "Acosh", "Add", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "Attention"],
  ...["AveragePool", "BatchNormalization", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor"],
  ...["Cast", "CastLike", "Ceil", "Celu", "Clip", "Concat", "Constant", "Conv", "ConvInteger", "ConvTranspose", "Cos"],
  ...["Cosh", "CumSum", "DeformConv", "DepthToSpace", "DequantizeLinear", "Det", "Div", "Dropout"],
  ...["DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "EyeLike", "Flatten", "Floor", "GRU", "Gather"],
  ...["GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "Greater"],
  ...["GreaterOrEqual", "GridSample", "GroupNormalization", "HardSigmoid", "HardSwish", "Hardmax", "Identity"],
  ...["InstanceNormalization", "IsInf", "IsNaN", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Less"],
  ...["LessOrEqual", "Log", "LogSoftmax", "LpNormalization", "LpPool", "MatMul", "MatMulInteger", "Max", "MaxPool"],
  ...["Mean", "MeanVarianceNormalization", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow"],
  ...[
    "QLinearConv",
    "QLinearMatMul",
    "QuantizeLinear",
    "RMSNormalization",
    "RNN",
    "Reciprocal",
    "ReduceL1",
    "ReduceL2",
  ],
  ...["ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum"],
  ...[
    "ReduceSumSquare",
    "Relu",
    "Reshape",
    "ReverseSequence",
    "Round",
    "ScatterElements",
    "ScatterND",
    "Selu",
    "Shape",
  ],
  ...["Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Size", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth"],
  ...[
    "Split",
    "Sqrt",
    "Squeeze",
    "Sub",
    "Sum",
    "Swish",
    "Tan",
    "Tanh",
    "ThresholdedRelu",
    "TopK",
    "Transpose",
    "Trilu",
  ],
  ...["Unsqueeze", "Where", "Xor"],
]);

const BOUNDED_ML: ReadonlySet<string> = new Set([
  ...["ArrayFeatureExtractor", "Binarizer", "FeatureVectorizer", "Imputer", "LabelEncoder", "LinearClassifier"],
  ...["LinearRegressor", "Normalizer", "OneHotEncoder", "SVMClassifier", "SVMRegressor", "Scaler"],
  ...["TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"],
]);

/** Those whose result is as large as an input says: bounded where that input comes from the file or from shapes alone. */
const SIZED_BY_INPUT: ReadonlyMap<string, readonly number[]> = new Map([
  ["ConstantOfShape", [0]],
  ["Expand", [1]],
  ["OneHot", [1]],
  ["Pad", [1]],
  ["Range", [0, 1, 2]],
  ["Resize", [2, 3]],
  ["Tile", [1]],
  ["Upsample", [1]],
]);

/** From sizes these make sizes of the same order; a product of two would be larger than anything that was sent. */
const SIZE_KEEPERS: ReadonlySet<string> = new Set([
  ...["Add", "Cast", "Ceil", "Concat", "Constant", "Div", "Equal", "Floor", "Gather", "Identity", "Max", "Min", "Mod"],
  ...["Reshape", "Shape", "Slice", "Split", "Sub", "Squeeze", "Unsqueeze", "Where", "ConstantOfShape"],
]);

/**
 * Whether a model's time is bounded by the size of its inputs, whatever their values are. A model that is bounded may
 * still be slow, but one run of a size tells of every other of that size.
 */
export function boundTime(graph: OnnxGraph): TimeBound {
  /** Values that come from the file, from shapes, or from nothing else: no input's content reaches them. */
  const sizes = new Set(graph.constants.keys());
  for (const node of graph.nodes) {
    const reason = whyUnbounded(node, graph, sizes);
    if (reason !== null) return { bounded: false, reason };
    if (node.domain === "" && keepsSizes(node, graph, sizes)) for (const output of node.outputs) sizes.add(output);
  }
  return { bounded: true, reason: "" };
}

function whyUnbounded(node: GraphNode, graph: OnnxGraph, sizes: ReadonlySet<string>): string | null {
  const { domain, op } = node;
  if (graph.functions.has(functionKey(domain, op))) return `${nodeTitle(node)} is an operator of the model's own`;
  if ([...node.attributes.values()].some(({ holdsGraph }) => holdsGraph)) {
    return `${nodeTitle(node)} holds a graph that runs as often as its inputs say`;
  }
  if (domain === "ai.onnx.ml") {
    return BOUNDED_ML.has(op) ? null : `how long ${nodeTitle(node)} takes depends on the values that it is given`;
  }
  if (domain !== "") return `nothing is known of the operator ${nodeTitle(node)}`;
  const sizing = SIZED_BY_INPUT.get(op);
  if (sizing !== undefined) {
    const isSized = sizing.every((index) => isAbsent(node, index) || sizes.has(node.inputs[index] ?? ""));
    return isSized ? null : `an input's values say how large the output of ${nodeTitle(node)} is`;
  }
  if (op === "TfIdfVectorizer" && !node.attributes.has("pool_strings")) return null;
  return BOUNDED.has(op) ? null : `how long ${nodeTitle(node)} takes depends on the values that it is given`;
}

function keepsSizes(node: GraphNode, graph: OnnxGraph, sizes: ReadonlySet<string>): boolean {
  const { op, inputs } = node;
  if (op === "Shape" || op === "Size" || op === "Constant") return true;
  const given = inputs.filter((input) => input !== "");
  // A size times a number of the file is bounded like the size itself.
  if (op === "Mul" && given.filter((input) => !graph.constants.has(input)).length > 1) return false;
  return (op === "Mul" || SIZE_KEEPERS.has(op)) && given.every((input) => sizes.has(input));
}

function isAbsent(node: GraphNode, index: number): boolean {
  return (node.inputs[index] ?? "") === "";
}
