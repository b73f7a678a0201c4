import type { Operation } from "./operation.ts";
import { ACROSS, axisFromFront, fixed, OPEN_SHAPE, type Outcome, type Rows, rowsAt, type Size } from "./values.ts";

const UNREAD_AXES = "is set to axes that are not known before it runs";

function reduced({ dims, axis }: Rows, axes: readonly number[], keeps: boolean): Rows {
  if (keeps)
    return rowsAt(
      axis,
      dims.map((size, index) => (axes.includes(index) ? 1 : size)),
    );
  return rowsAt(
    axis - axes.filter((other) => other < axis).length,
    dims.filter((_, index) => !axes.includes(index)),
  );
}

/** Sums, means, largest ones: over axes that are named, or over all. */
export function reduce(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axes = operation.axes("axes", 1, x.dims.length);
  if (axes === undefined) return UNREAD_AXES;
  if (axes === null || axes.length === 0) return operation.int("noop_with_empty_axes", 0) === 0 ? ACROSS : [x];
  if (axes.includes(x.axis)) return ACROSS;
  return [reduced(x, axes, operation.int("keepdims", 1) !== 0)];
}

export function argument(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axis = axisFromFront(operation.int("axis", 0), x.dims.length);
  if (axis === null || axis === x.axis) return ACROSS;
  return [reduced(x, [axis], operation.int("keepdims", 1) !== 0)];
}

/** Whatever it does, it does along one axis; the shape stays. `otherwise` is that axis where none is named. */
export function alongAxis(otherwise: number): (operation: Operation) => Outcome {
  return (operation) => {
    const x = operation.rows(0);
    if (x === null) return operation.isFixed ? operation.every(fixed()) : ACROSS;
    const axis = axisFromFront(operation.int("axis", otherwise), x.dims.length);
    return axis === null || axis === x.axis || !operation.areFixed(1) ? ACROSS : operation.every(x);
  };
}

/** Before version 13 a softmax takes all axes from the named one on as one. */
export function softmax(operation: Operation): Outcome {
  if (operation.opset >= 13) return alongAxis(-1)(operation);
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axis = axisFromFront(operation.int("axis", 1), x.dims.length);
  return axis === null || x.axis >= axis ? ACROSS : [x];
}

export function topK(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? operation.every(fixed()) : ACROSS;
  const axis = axisFromFront(operation.int("axis", -1), x.dims.length);
  if (axis === null || axis === x.axis || !operation.areFixed(1)) return ACROSS;
  return operation.every(
    rowsAt(
      x.axis,
      x.dims.map((size, index) => (index === axis ? null : size)),
    ),
  );
}

export function cumSum(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axes = operation.axes("", 1, x.dims.length);
  if (axes === null || axes === undefined) return UNREAD_AXES;
  return axes.length !== 1 || axes.includes(x.axis) ? ACROSS : [x];
}

/** Normalises over its axis and all after it; scale and bias lie over the same. */
export function layerNormalization(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? operation.every(fixed()) : ACROSS;
  const rank = x.dims.length;
  const axis = axisFromFront(operation.int("axis", -1), rank);
  if (axis === null || x.axis >= axis) return ACROSS;
  for (const index of [1, 2]) {
    const scale = operation.input(index);
    if (scale === null) continue;
    if (scale.kind !== "fixed" || scale.dims === null) return OPEN_SHAPE;
    const place = scale.dims.length - (rank - x.axis);
    if (place >= 0 && scale.dims[place] !== 1) return "joins the rows with a constant that has several of its own";
  }
  const moments = rowsAt(
    x.axis,
    x.dims.map((size: Size, index) => (index < axis ? size : 1)),
  );
  return operation.node.outputs.map((_, index) => (index === 0 ? x : moments));
}

export function meanVarianceNormalization(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axes = operation.axes("axes", 9, x.dims.length);
  return axes === null || axes === undefined || axes.includes(x.axis) ? ACROSS : [x];
}
