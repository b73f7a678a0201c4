import { arithmetic, broadcast, byElement, cast, dropout, identity } from "./elementwise.ts";
import { constant, constantOfShape, gather, gatherElements, oneHot, quantize, recurrent, shape } from "./look-up.ts";
import {
  arrayFeatureExtractor,
  byColumn,
  classifier,
  featureVectorizer,
  label,
  oneHotEncoder,
  regressor,
} from "./machine-learning.ts";
import { einsum, gemm, matMul, matMulInteger, qLinearMatMul } from "./matrix.ts";
import {
  concat,
  expand,
  flatten,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  tile,
  transpose,
  trilu,
  unsqueeze,
} from "./move.ts";
import type { Operation } from "./operation.ts";
import {
  alongAxis,
  argument,
  cumSum,
  layerNormalization,
  meanVarianceNormalization,
  reduce,
  softmax,
  topK,
} from "./reduce.ts";
import {
  batchNormalization,
  blocks,
  convolution,
  globalPool,
  pool,
  quantizedConvolution,
  resize,
  rowNormalization,
  transposedConvolution,
} from "./spatial.ts";
import { stringNormalizer, tfIdfVectorizer, tokenizer } from "./text.ts";
import type { Outcome } from "./values.ts";

type Follow = (operation: Operation) => Outcome;

const BY_ELEMENT = [
  ...["Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Ceil", "Celu", "Clip", "Cos", "Cosh"],
  ...["Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "IsInf", "IsNaN", "LeakyRelu", "Log", "Mish"],
  ...["Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus"],
  ...["Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu"],
];
const BROADCAST = [
  ...["And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Equal", "Greater", "GreaterOrEqual", "Less"],
  ...["LessOrEqual", "Max", "Mean", "Min", "Mod", "Or", "PRelu", "Pow", "Sum", "Where", "Xor"],
];
const REDUCE = [
  ...["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd"],
  ...["ReduceSum", "ReduceSumSquare"],
];

const all = (names: readonly string[], follow: Follow): [string, Follow][] => names.map((name) => [name, follow]);
const mixes =
  (why: string): Follow =>
  () =>
    why;

/**
 * What each operator of a domain does to rows. One that is not here stops the rows, whatever it does: a new operator, or
 * one that draws at random, loops or reads all of its input at once, is never taken for harmless.
 */
export const OPERATORS: ReadonlyMap<string, ReadonlyMap<string, Follow>> = new Map([
  [
    "",
    new Map<string, Follow>([
      ...all(BY_ELEMENT, byElement),
      ...all(BROADCAST, broadcast),
      ...all(["Add", "Div", "Mul", "Sub"], arithmetic),
      ...all(REDUCE, reduce),
      ...all(["ArgMax", "ArgMin"], argument),
      ...all(["Hardmax", "LogSoftmax", "Softmax"], softmax),
      ...all(["AveragePool", "LpPool", "MaxPool"], pool),
      ...all(["GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool"], globalPool),
      ...all(["ConvInteger", "QLinearConv"], quantizedConvolution),
      ...all(["GroupNormalization", "InstanceNormalization", "LRN"], rowNormalization),
      ...all(["LayerNormalization", "RMSNormalization"], layerNormalization),
      ...all(["DepthToSpace", "SpaceToDepth"], blocks),
      ...all(["Resize", "Upsample"], resize),
      ...all(["GRU", "LSTM", "RNN"], recurrent),
      ...all(["DequantizeLinear", "QuantizeLinear"], quantize),
      ["BatchNormalization", batchNormalization],
      ["Cast", cast],
      ["Concat", concat],
      ["Constant", constant],
      ["ConstantOfShape", constantOfShape],
      ["Conv", convolution],
      ["ConvTranspose", transposedConvolution],
      ["CumSum", cumSum],
      ["Dropout", dropout],
      ["DynamicQuantizeLinear", mixes("scales all rows by the largest number among them")],
      ["Einsum", einsum],
      ["Expand", expand],
      ["Flatten", flatten],
      ["Gather", gather],
      ["GatherElements", gatherElements],
      ["Gemm", gemm],
      ["Identity", identity],
      ["LpNormalization", alongAxis(-1)],
      ["MatMul", matMul],
      ["MatMulInteger", matMulInteger],
      ["MeanVarianceNormalization", meanVarianceNormalization],
      ["OneHot", oneHot],
      ["Pad", pad],
      ["QLinearMatMul", qLinearMatMul],
      ["Reshape", reshape],
      ["Shape", shape],
      ["Slice", slice],
      ["Split", split],
      ["Squeeze", squeeze],
      ["StringNormalizer", stringNormalizer],
      ["TfIdfVectorizer", tfIdfVectorizer],
      ["Tile", tile],
      ["TopK", topK],
      ["Transpose", transpose],
      ["Trilu", trilu],
      ["Unsqueeze", unsqueeze],
    ]),
  ],
  [
    "ai.onnx.ml",
    new Map<string, Follow>([
      ...all(["Imputer", "Normalizer", "Scaler"], byColumn),
      ...all(["Binarizer", "CategoryMapper", "LabelEncoder"], label),
      ...all(["LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier"], classifier),
      ...all(["LinearRegressor", "SVMRegressor", "TreeEnsemble", "TreeEnsembleRegressor"], regressor),
      ["ArrayFeatureExtractor", arrayFeatureExtractor],
      ["FeatureVectorizer", featureVectorizer],
      ["OneHotEncoder", oneHotEncoder],
    ]),
  ],
  ["com.microsoft", new Map<string, Follow>([["Tokenizer", tokenizer]])],
]);

/** The versions of each domain's operators whose meaning is the one above. */
export const KNOWN_OPSETS: ReadonlyMap<string, { first: number; last: number }> = new Map([
  ["", { first: 7, last: 25 }],
  ["ai.onnx.ml", { first: 1, last: 5 }],
  ["com.microsoft", { first: 1, last: 1 }],
]);
