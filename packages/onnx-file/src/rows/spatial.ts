import type { Operation } from "./operation.ts";
import { ACROSS, type Fixed, fixed, isSingle, type Outcome, type Rows, rowsAt, type Size } from "./values.ts";

/** Images, sounds and the like: a row is what lies at axis 0, its channels at axis 1. */
function imageOf(operation: Operation): Rows | null {
  const x = operation.rows(0);
  return x !== null && x.axis === 0 && x.dims.length >= 2 ? x : null;
}

function open(channels: Size, rank: number): Rows {
  return rowsAt(
    0,
    Array.from({ length: rank }, (_, axis) => (axis === 1 ? channels : null)),
  );
}

export function convolution(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  const weights: Fixed | null = operation.fixed(1);
  return [open(weights?.dims?.[0] ?? null, x.dims.length)];
}

export function transposedConvolution(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  return [open(null, x.dims.length)];
}

/** Zero points and scales must be single numbers but for those of the weights. */
export function quantizedConvolution(operation: Operation): Outcome {
  const x = imageOf(operation);
  const isQLinear = operation.node.op === "QLinearConv";
  const single = (isQLinear ? [1, 2, 6, 7] : [2]).map((index) => operation.input(index));
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  if (!single.every((value) => value === null || isSingle(value))) return "takes scales that are not single constants";
  return [open(operation.fixed(isQLinear ? 3 : 1)?.dims?.[0] ?? null, x.dims.length)];
}

/** The second output of a pool counts places over all rows. */
export function pool(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || x.dims.length < 3) return operation.isFixed ? operation.every(fixed()) : ACROSS;
  const pooled = open(x.dims[1] ?? null, x.dims.length);
  return operation.node.outputs.map((_, index) => (index === 0 ? pooled : { kind: "stopped", reason: COUNTS_PLACES }));
}

const COUNTS_PLACES = "the places that a pool gives are counted over all rows";

export function globalPool(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || x.dims.length < 3) return operation.isFixed ? [fixed()] : ACROSS;
  return [
    rowsAt(
      0,
      x.dims.map((size, axis) => (axis < 2 ? size : 1)),
    ),
  ];
}

/** With the moments that the file brings; one that learns takes those of all rows. */
export function batchNormalization(operation: Operation): Outcome {
  const x = imageOf(operation);
  const outputs = operation.node.outputs.filter((output) => output !== "");
  if (operation.int("training_mode", 0) !== 0 || outputs.length > 1) return "takes the mean of all rows";
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  return operation.every(x);
}

/** Normalises each row for itself. */
export function rowNormalization(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  return [x];
}

/** Moves numbers between channels and places of the same row. */
export function blocks(operation: Operation): Outcome {
  const x = imageOf(operation);
  if (x === null || x.dims.length !== 4) return operation.isFixed ? [fixed()] : ACROSS;
  return [open(null, 4)];
}

/** Sizes or factors, one for each axis; the axis of the rows must keep what it has. */
export function resize(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  if (operation.text("coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize") return ACROSS;
  if (operation.has("axes") || operation.has("keep_aspect_ratio_policy"))
    return "is set to axes, which is not followed";
  const isOld = operation.node.op === "Upsample" || operation.opset < 11;
  if (isOld && operation.opset < 9) return "is of a version that is not followed";
  const scales = operation.elements(isOld ? 1 : 2);
  const sizes = isOld ? null : operation.elements(3);
  const isUnscaled = scales !== null && scales !== undefined && scales.length > 0 && scales[x.axis] === 1;
  const isUnsized = sizes !== null && sizes !== undefined && sizes.length > 0 && sizes[x.axis] === "rows";
  if (isUnsized ? (scales?.length ?? 0) > 0 : !isUnscaled) return "may change the number of rows";
  return [
    rowsAt(
      x.axis,
      x.dims.map((size, axis) => (isUnscaled && scales[axis] === 1 ? size : null)),
    ),
  ];
}
