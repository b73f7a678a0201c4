import type { Operation } from "./operation.ts";
import {
  ACROSS,
  axisFromFront,
  type Element,
  fixed,
  listOf,
  OPEN_SHAPE,
  type Outcome,
  productOf,
  type Rows,
  rowsAt,
  type Size,
} from "./values.ts";

const UNREAD = "is set to numbers that are not known before it runs";
/** Where exporters write "to the end". */
const FAR = 2 ** 31 - 1;
/** The longest list of which the elements are kept. */
const MAX_LIST = 64;

export function transpose(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind !== "rows" && x?.kind !== "fixed") return ACROSS;
  const given = operation.ints("perm");
  if (given === undefined) return UNREAD;
  if (x.dims === null) return [fixed()];
  const { dims } = x;
  const order = given ?? dims.map((_, axis) => dims.length - 1 - axis);
  const moved = order.map((axis) => dims[axis] ?? null);
  if (order.length !== dims.length || new Set(order).size !== dims.length) return ACROSS;
  return [x.kind === "fixed" ? fixed(moved) : rowsAt(order.indexOf(x.axis), moved)];
}

export function flatten(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind === "padded") return x.rank === 2 && operation.int("axis", 1) === 1 ? [x] : ACROSS;
  if (x?.kind !== "rows") return operation.isFixed ? [fixed([null, null])] : ACROSS;
  const rank = x.dims.length;
  const given = operation.int("axis", 1);
  const axis = given < 0 ? given + rank : given;
  const before = productOf(x.dims.slice(0, axis).filter((_, index) => index !== x.axis));
  if (x.axis >= axis || before !== 1) return "puts the rows together with another axis";
  return [rowsAt(0, [null, productOf(x.dims.slice(axis))])];
}

export function squeeze(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind === "counts" || (x?.kind === "fixed" && x.elements !== null)) {
    return x.elements !== null && x.elements.length === 1 ? [listOf(x.elements, [])] : ACROSS;
  }
  if (x?.kind !== "rows") return operation.isFixed ? [fixed()] : ACROSS;
  const axes = operation.axes("axes", 1, x.dims.length);
  // Without axes a single row would lose its axis, and several would not.
  if (axes === null || axes === undefined || axes.includes(x.axis)) return ACROSS;
  return [
    rowsAt(
      x.axis - axes.filter((axis) => axis < x.axis).length,
      x.dims.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
}

export function unsqueeze(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind !== "rows" && x?.kind !== "fixed" && x?.kind !== "counts") return ACROSS;
  const list = operation.list("axes", 1);
  if (!list) return UNREAD;
  if (x.dims === null) return [fixed()];
  const rank = x.dims.length + list.length;
  const axes = operation.axes("axes", 1, rank);
  if (!axes || new Set(axes).size !== axes.length) return UNREAD;
  if (x.kind !== "rows" && x.elements !== null && rank === 1) return [listOf(x.elements)];
  if (x.kind === "counts") return ACROSS;
  const dims: Size[] = [];
  const rest = [...x.dims.entries()];
  let place = -1;
  for (let axis = 0; axis < rank; axis += 1) {
    if (axes.includes(axis)) {
      dims.push(1);
      continue;
    }
    const next = rest.shift();
    if (x.kind === "rows" && next?.[0] === x.axis) place = axis;
    dims.push(next?.[1] ?? null);
  }
  return [x.kind === "rows" ? rowsAt(place, dims) : fixed(dims)];
}

/**
 * Numbers keep their order, so the rows stay apart where as much lies before and behind them as before. Which of the new
 * axes holds the rows must follow from the file, not from how many rows there are.
 */
export function reshape(operation: Operation): Outcome {
  const x = operation.input(0);
  const shape = operation.elements(1) ?? operation.ints("shape");
  if (x?.kind === "counts" || (x?.kind === "fixed" && x.elements !== null && shape && shape.length < 2)) {
    return x.elements !== null && shape && shape.length < 2
      ? [listOf(x.elements, shape.length === 0 ? [] : undefined)]
      : ACROSS;
  }
  if (x?.kind !== "rows") return operation.isFixed ? [fixed(shape ? shape.map(sizeOf) : null)] : ACROSS;
  if (!shape) return UNREAD;
  if (operation.int("allowzero", 0) !== 0 && shape.includes(0)) return ACROSS;
  const place = placeOfRows(x, shape);
  if (place === null) return "may put the rows together with another axis";
  return [
    rowsAt(
      place,
      shape.map((size, axis) => (size === 0 ? (x.dims[axis] ?? null) : sizeOf(size))),
    ),
  ];
}

function sizeOf(size: Element): Size {
  return typeof size === "number" && size > 0 ? size : null;
}

/** The new axis of the rows; null where it does not follow from the file. At most one size is left to be inferred (-1). */
function placeOfRows(x: Rows, shape: readonly Element[]): number | null {
  const sizes = shape.map((size, axis) => (size !== 0 ? size : axis === x.axis ? "rows" : (x.dims[axis] ?? null)));
  const named = sizes.flatMap((size, axis) => (size === "rows" ? [axis] : []));
  const place = named[0] ?? sizes.indexOf(-1);
  if (named.length > 1 || place < 0) return null;
  const isSamePart = (start: number, end: number, dims: readonly Size[]): boolean => {
    const part = sizes.slice(start, end);
    const product = productOf(part);
    if (product !== null && product === productOf(dims)) return true;
    // A zero copies the size of its own place, be it known or not.
    const isCopy = (size: Element, index: number) =>
      shape[start + index] === 0 || (typeof size === "number" && size > 0 && size === dims[index]);
    return place === x.axis && part.length === dims.length && part.every(isCopy);
  };
  const before = isSamePart(0, place, x.dims.slice(0, x.axis));
  const behind = isSamePart(place + 1, sizes.length, x.dims.slice(x.axis + 1));
  // The runtime sees to it that all fits; so where the rows are named, one part that fits shows that the other does.
  return (named.length === 1 ? before || behind : before && behind) ? place : null;
}

export function concat(operation: Operation): Outcome {
  const { inputs } = operation;
  const lists = inputs.map((_, index) => operation.elements(index));
  if (inputs.every((input) => input?.kind === "fixed" || input?.kind === "counts")) {
    const isLists = inputs.every(
      (input) => input?.kind === "counts" || (input?.kind === "fixed" && input.dims?.length === 1),
    );
    if (!isLists) return operation.isFixed ? [fixed()] : ACROSS;
    const elements = lists.flatMap<Element | undefined>((list, index) => list ?? unknownElements(operation, index));
    if (elements.includes(undefined) || elements.length > MAX_LIST) return OPEN_SHAPE;
    return [listOf(elements.filter((element) => element !== undefined))];
  }
  const [first] = inputs;
  if (first?.kind !== "rows") return "puts constants beside the rows";
  const axis = axisFromFront(operation.int("axis", 0), first.dims.length);
  if (axis === null || axis === first.axis) return "puts rows behind rows";
  const sizes: Size[] = [];
  for (const input of inputs) {
    if (input?.kind !== "rows") return "puts constants beside the rows";
    if (input.dims.length !== first.dims.length || input.axis !== first.axis) return ACROSS;
    sizes.push(input.dims[axis] ?? null);
  }
  const sum = sizes.reduce<Size>((total, size) => (total === null || size === null ? null : total + size), 0);
  return [
    rowsAt(
      first.axis,
      first.dims.map((size, index) => (index === axis ? sum : size)),
    ),
  ];
}

/** Elements of a list of which only the length is known. */
function unknownElements(operation: Operation, index: number): (Element | undefined)[] {
  const length = operation.fixed(index)?.dims?.[0];
  return typeof length === "number" && length <= MAX_LIST ? Array.from({ length }, () => null) : [undefined];
}

export function split(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? operation.every(fixed()) : ACROSS;
  const axis = axisFromFront(operation.int("axis", 0), x.dims.length);
  if (axis === null || axis === x.axis || !operation.areFixed(1)) return ACROSS;
  return operation.every(
    rowsAt(
      x.axis,
      x.dims.map((size, index) => (index === axis ? null : size)),
    ),
  );
}

export function slice(operation: Operation): Outcome {
  const isOld = operation.opset < 10;
  const part = (name: string, index: number) => (isOld ? operation.ints(name) : operation.elements(index));
  const [starts, ends, axes, steps] = [part("starts", 1), part("ends", 2), part("axes", 3), part("steps", 4)];
  const x = operation.input(0);
  if (x?.kind === "counts" || (x?.kind === "fixed" && x.elements !== null && x.dims?.length === 1)) {
    return sliceList(x.elements ?? [], starts, ends, steps) ?? (operation.isFixed ? [fixed([null])] : UNREAD);
  }
  if (x?.kind !== "rows") return operation.isFixed ? [fixed()] : ACROSS;
  if (!operation.areFixed(1)) return "takes a part that depends on the rows";
  const length = starts?.length ?? operation.fixed(1)?.dims?.[0] ?? null;
  if (axes === undefined || length === null) return UNREAD;
  const touched = (axes ?? Array.from({ length }, (_, axis) => axis)).map((axis) =>
    typeof axis === "number" ? axisFromFront(axis, x.dims.length) : null,
  );
  if (touched.includes(null)) return UNREAD;
  const own = touched.indexOf(x.axis);
  if (own >= 0) {
    const end = ends?.[own];
    const isWhole = starts?.[own] === 0 && typeof end === "number" && end >= FAR && (steps?.[own] ?? 1) === 1;
    if (!isWhole || steps === undefined) return "takes some of the rows";
  }
  return [
    rowsAt(
      x.axis,
      x.dims.map((size, axis) => (touched.includes(axis) ? null : size)),
    ),
  ];
}

type List = readonly Element[] | null | undefined;

function sliceList(elements: readonly Element[], starts: List, ends: List, steps: List): Outcome | null {
  const [start, end, step] = [starts?.[0], ends?.[0], steps === undefined ? null : (steps?.[0] ?? 1)];
  if (typeof start !== "number" || typeof end !== "number" || step !== 1) return null;
  return [listOf(elements.slice(start, end))];
}

export function pad(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  const rank = x.dims.length;
  const pads = operation.list("pads", 1);
  const axes = operation.axes("", 3, rank);
  if (!pads || axes === undefined || !operation.areFixed(1)) return UNREAD;
  const padded = axes ?? x.dims.map((_, axis) => axis);
  if (pads.length !== padded.length * 2) return UNREAD;
  const own = padded.indexOf(x.axis);
  if (own >= 0 && (pads[own] !== 0 || pads[own + padded.length] !== 0)) return "adds to the rows";
  return [
    rowsAt(
      x.axis,
      x.dims.map((size, axis) => (padded.includes(axis) ? null : size)),
    ),
  ];
}

export function tile(operation: Operation): Outcome {
  const x = operation.rows(0);
  const repeats = operation.elements(1);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  if (!repeats || operation.opset < 6) return UNREAD;
  if (repeats[x.axis] !== 1) return "repeats the rows";
  return [
    rowsAt(
      x.axis,
      x.dims.map((size, axis) => (repeats[axis] === 1 ? size : null)),
    ),
  ];
}

/** Stretches to a shape: that of the rows must keep its size, and a constant may be stretched to as many as there are. */
export function expand(operation: Operation): Outcome {
  const x = operation.input(0);
  const shape = operation.elements(1);
  if (!shape) return operation.isFixed ? [fixed()] : UNREAD;
  if ((x?.kind !== "rows" && x?.kind !== "fixed") || x.dims === null) return OPEN_SHAPE;
  const rank = Math.max(shape.length, x.dims.length);
  const sizes = Array.from({ length: rank }, (_, axis) => ({
    own: x.dims?.[axis - rank + x.dims.length],
    wanted: shape[axis - rank + shape.length],
  }));
  const dims = sizes.map(({ own, wanted }) =>
    wanted === 1 || wanted === undefined ? (own ?? null) : own === 1 || own === undefined ? sizeOf(wanted) : own,
  );
  const named = sizes.flatMap(({ wanted }, axis) => (wanted === "rows" ? [axis] : []));
  const place = x.kind === "rows" ? rank - x.dims.length + x.axis : named[0];
  if (place === undefined) return [fixed(dims)];
  if (named.some((axis) => axis !== place)) return "makes as many of something as there are rows";
  const { own, wanted } = sizes[place] ?? { own: null, wanted: null };
  if (x.kind === "rows" ? wanted !== 1 && wanted !== "rows" && wanted !== undefined : own !== 1 && own !== undefined) {
    return "stretches over the rows";
  }
  return [rowsAt(place, dims)];
}

export function trilu(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  return x.axis < x.dims.length - 2 ? [x] : ACROSS;
}
