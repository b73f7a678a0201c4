import { broadcastValues } from "./elementwise.ts";
import type { Operation } from "./operation.ts";
import {
  ACROSS,
  type Fixed,
  fixed,
  isSingle,
  OPEN_SHAPE,
  type Outcome,
  type Rows,
  rowsAt,
  type Size,
} from "./values.ts";

export function matMul(operation: Operation): Outcome {
  return multiply(operation, 0, 1);
}

/** Zero points may be single numbers alone; one for each row or column is another matter. */
export function matMulInteger(operation: Operation): Outcome {
  const zeroPoints = [operation.input(2), operation.input(3)];
  if (!zeroPoints.every((point) => point === null || isSingle(point)))
    return "takes zero points that are not single constants";
  return multiply(operation, 0, 1);
}

export function qLinearMatMul(operation: Operation): Outcome {
  const single = [1, 2, 4, 5, 6, 7];
  if (!single.every((index) => isSingle(operation.input(index)))) return "takes scales that are not single constants";
  return multiply(operation, 0, 3);
}

/** NumPy's product of matrices: sums over the last axis of one and the last but one of the other. */
function multiply(operation: Operation, left: number, right: number): Outcome {
  const [a, b] = [operation.input(left), operation.input(right)];
  if ((a?.kind !== "rows" && a?.kind !== "fixed") || (b?.kind !== "rows" && b?.kind !== "fixed")) return ACROSS;
  if (a.dims === null || b.dims === null) return OPEN_SHAPE;
  if (a.dims.length === 0 || b.dims.length === 0) return ACROSS;
  const isVector = { a: a.dims.length === 1, b: b.dims.length === 1 };
  const sumsRows =
    (a.kind === "rows" && a.axis === a.dims.length - 1) ||
    (b.kind === "rows" && b.axis === (isVector.b ? 0 : b.dims.length - 2));
  if (sumsRows) return ACROSS;
  // As if both were stacks of matrices, which share the axes before the last two.
  const stackOf = (value: Rows | Fixed, dims: readonly Size[]): Rows | Fixed => {
    const stack = dims.slice(0, -2);
    return value.kind === "rows" && value.axis < stack.length ? rowsAt(value.axis, stack) : fixed(stack);
  };
  const stacked = broadcastValues([stackOf(a, a.dims), stackOf(b, b.dims)]);
  if (typeof stacked === "string") return stacked;
  const [stack] = stacked;
  if ((stack?.kind !== "rows" && stack?.kind !== "fixed") || stack.dims === null) return ACROSS;
  const height = isVector.a ? [] : [a.dims.at(-2) ?? null];
  const width = isVector.b ? [] : [b.dims.at(-1) ?? null];
  const dims = [...stack.dims, ...height, ...width];
  const places: number[] = stack.kind === "rows" ? [stack.axis] : [];
  if (a.kind === "rows" && a.axis === a.dims.length - 2) places.push(stack.dims.length);
  if (b.kind === "rows" && !isVector.b && b.axis === b.dims.length - 1) places.push(dims.length - 1);
  const [place] = places;
  if (place === undefined) return [fixed(dims)];
  return places.length > 1 ? "multiplies rows with rows" : [rowsAt(place, dims)];
}

export function gemm(operation: Operation): Outcome {
  const [a, b, c] = [operation.input(0), operation.input(1), operation.input(2)];
  if (a?.kind !== "rows" || b?.kind !== "fixed") return operation.isFixed ? [fixed()] : "multiplies with the rows";
  if (b.dims === null) return OPEN_SHAPE;
  if (a.dims.length !== 2 || b.dims.length !== 2) return ACROSS;
  if (a.axis !== (operation.int("transA", 0) === 0 ? 0 : 1)) return ACROSS;
  const width = b.dims[operation.int("transB", 0) === 0 ? 1 : 0] ?? null;
  return broadcastValues([rowsAt(0, [null, width]), c]);
}

/** Written out as letters: those of the rows must be the same in all that hold rows, and stand in the result. */
export function einsum(operation: Operation): Outcome {
  const equation = operation.text("equation", "").replaceAll(" ", "");
  const [left, right, more] = equation.split("->");
  if (left === undefined || right === undefined || more !== undefined || equation.includes(".")) {
    return "is written in a way that is not followed";
  }
  const terms = left.split(",");
  if (terms.length !== operation.inputs.length) return ACROSS;
  let letter: string | null = null;
  for (const [index, term] of terms.entries()) {
    const value = operation.input(index);
    if (value?.kind !== "rows" && value?.kind !== "fixed") return ACROSS;
    if (value.kind !== "rows") continue;
    const own = term[value.axis];
    if (own === undefined || term.length !== value.dims.length || term.split(own).length !== 2) return ACROSS;
    if (letter !== null && letter !== own) return "multiplies rows with rows";
    letter = own;
  }
  if (letter === null) return [fixed()];
  const rows = letter;
  const place = right.indexOf(rows);
  if (place < 0 || right.split(rows).length !== 2) return ACROSS;
  const mixes = terms.some((term, index) => operation.input(index)?.kind === "fixed" && term.includes(rows));
  return mixes
    ? "joins the rows with a constant that has several of its own"
    : [
        rowsAt(
          place,
          [...right].map(() => null),
        ),
      ];
}
