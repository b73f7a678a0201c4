import type { Operation } from "./operation.ts";
import {
  ACROSS,
  type Element,
  type Followed,
  fixed,
  isSingle,
  listOf,
  OPEN_SHAPE,
  type Outcome,
  rowsAt,
  type Size,
} from "./values.ts";

const INT32 = 6;
const INT64 = 7;

/** Each element becomes another; whatever else the operator takes has one element. */
export function byElement(operation: Operation): Outcome {
  const [x, ...others] = operation.inputs;
  if (!others.every((other) => other === null || isSingle(other))) return "takes a limit that is not a single constant";
  if (x?.kind === "rows") return operation.every(x);
  return x?.kind === "fixed" ? operation.every(fixed(x.dims)) : ACROSS;
}

export function identity(operation: Operation): Outcome {
  const x = operation.input(0);
  return x === null ? ACROSS : [x];
}

export function cast(operation: Operation): Outcome {
  const x = operation.input(0);
  const to = operation.int("to", 0);
  if ((x?.kind === "fixed" || x?.kind === "counts") && (to === INT64 || to === INT32))
    return x.elements === null ? [x] : [listOf(x.elements.map(cut), x.dims ?? undefined)];
  return x?.kind === "rows" || x?.kind === "fixed" ? [x.kind === "fixed" ? fixed(x.dims) : x] : COUNTS;
}

/** What the fraction of a number becomes is left open. */
function cut(element: Element): Element {
  return typeof element === "number" ? whole(element) : element;
}

const COUNTS = "computes with the number of rows";

/** In versions that train, only a constant switch that is off is one. */
export function dropout(operation: Operation): Outcome {
  const x = operation.input(0);
  const training = operation.input(2);
  const isOff = training === null || (isSingle(training) && operation.elements(2)?.[0] === 0);
  if (!isOff || !operation.areFixed(1)) return "may drop elements at random";
  return x?.kind === "rows" || x?.kind === "fixed" ? operation.every(x) : ACROSS;
}

/** Elements that lie at the same place of all inputs, each stretched where it has size 1. */
export function broadcast(operation: Operation): Outcome {
  return broadcastValues(operation.inputs);
}

export function broadcastValues(inputs: readonly (Followed | null)[]): Outcome {
  const values = inputs.filter((input) => input !== null);
  let fromEnd: number | null = null;
  let rank = 0;
  const shapes: (readonly Size[])[] = [];
  for (const value of values) {
    if (value.kind === "counts") return COUNTS;
    if (value.kind !== "rows" && value.kind !== "fixed") return ACROSS;
    if (value.dims === null) {
      return values.every(({ kind }) => kind === "fixed") ? [fixed()] : OPEN_SHAPE;
    }
    shapes.push(value.dims);
    rank = Math.max(rank, value.dims.length);
    if (value.kind !== "rows") continue;
    const end = value.dims.length - value.axis;
    if (fromEnd !== null && fromEnd !== end) return "joins the rows of one input with another axis of the other";
    fromEnd = end;
  }
  const dims = Array.from({ length: rank }, (_, axis) =>
    stretch(shapes.map((shape) => shape[axis - rank + shape.length])),
  );
  if (fromEnd === null) return [fixed(dims)];
  for (const value of values) {
    if (value.kind !== "fixed" || value.dims === null || value.dims.length < fromEnd) continue;
    if (value.dims[value.dims.length - fromEnd] !== 1)
      return "joins the rows with a constant that has several of its own";
  }
  return [rowsAt(rank - fromEnd, dims)];
}

/** The size of an axis that several inputs have; those without it are `undefined`. */
function stretch(sizes: readonly (Size | undefined)[]): Size {
  let size: Size = 1;
  for (const other of sizes) {
    if (other === undefined || other === 1) continue;
    if (other !== null) return other;
    size = null;
  }
  return size;
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  // Whole numbers and others are divided in different ways, and which these are is not known here.
  Div: (a, b) => a / b,
};

/** The same, which also computes with sizes as shapes are computed. */
export function arithmetic(operation: Operation): Outcome {
  const [a, b] = [operation.input(0), operation.input(1)];
  const lists = [operation.elements(0), operation.elements(1)];
  const compute = ARITHMETIC[operation.node.op];
  const [left, right] = lists;
  const isList = (value: Followed | null) =>
    (value?.kind === "fixed" || value?.kind === "counts") && value.dims !== null && value.dims.length < 2;
  if (!isList(a) || !isList(b) || !left || !right || compute === undefined) return broadcast(operation);
  const length = Math.max(left.length, right.length);
  if ([left.length, right.length].some((size) => size !== length && size !== 1)) return broadcast(operation);
  const elements: Element[] = [];
  for (let index = 0; index < length; index += 1) {
    const one = left[left.length === 1 ? 0 : index] ?? null;
    const other = right[right.length === 1 ? 0 : index] ?? null;
    if (one === "rows" || other === "rows") {
      if (one !== "rows" || other !== 1 || (operation.node.op !== "Mul" && operation.node.op !== "Div")) return COUNTS;
      elements.push("rows");
    } else elements.push(one === null || other === null ? null : whole(compute(one, other)));
  }
  const rank = Math.max(
    ...[a, b].map((value) => (value?.kind === "fixed" || value?.kind === "counts" ? (value.dims?.length ?? 0) : 0)),
  );
  return [listOf(elements, rank === 0 ? [] : [length])];
}

/** Numbers that are not whole, or too large to be exact, are no sizes. */
function whole(value: number): number | null {
  return Number.isSafeInteger(value) ? value : null;
}
