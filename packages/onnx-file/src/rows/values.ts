/** A size that is known, or null for one that is open but the same for all requests that could be joined. */
export type Size = number | null;

/** An element of a short list of whole numbers: known, open in the same way, or the number of rows. */
export type Element = number | "rows" | null;

/** Holds the rows along one axis, and each of its parts along that axis depends on nothing but its own row. */
export type Rows = { kind: "rows"; axis: number; dims: readonly Size[] };

/** The same for all requests that could be joined: made of constants and of sizes other than the number of rows. */
export type Fixed = { kind: "fixed"; dims: readonly Size[] | null; elements: readonly Element[] | null };

/** Sizes, one of which is the number of rows. */
export type Counts = { kind: "counts"; dims: readonly Size[]; elements: readonly Element[] };

/** Words of each row at axis 0, filled up with `padding` to the number of the row that has the most. */
export type Padded = { kind: "padded"; rank: number; padding: string };

/** Nothing can be said of it any more, since `reason`. */
export type Stopped = { kind: "stopped"; reason: string };

/** What is known of a value while the rows are followed through a graph. */
export type Followed = Rows | Fixed | Counts | Padded | Stopped;

/** What an operator makes of its inputs: its outputs, or in words why its rows cannot be told apart any more. */
export type Outcome = readonly Followed[] | string;

export const ACROSS = "works across the rows";
export const OPEN_SHAPE = "takes something whose shape is not known";

export function rowsAt(axis: number, dims: readonly Size[]): Rows {
  return { kind: "rows", axis, dims: dims.map((size, index) => (index === axis ? null : size)) };
}

export function fixed(dims: readonly Size[] | null = null): Fixed {
  return { kind: "fixed", dims, elements: null };
}

/** A list of sizes, or a single one, of which some may be the number of rows. */
export function listOf(elements: readonly Element[], dims: readonly Size[] = [elements.length]): Fixed | Counts {
  return elements.includes("rows") ? { kind: "counts", dims, elements } : { kind: "fixed", dims, elements };
}

/** How many numbers a part of a shape holds; null where one of its sizes is open. */
export function productOf(sizes: readonly Element[]): number | null {
  let product = 1;
  for (const size of sizes) {
    if (typeof size !== "number" || size < 0) return null;
    product *= size;
  }
  return product;
}

/** An axis counted from the front; null for one that does not exist. */
export function axisFromFront(axis: number, rank: number): number | null {
  const front = axis < 0 ? axis + rank : axis;
  return Number.isInteger(front) && front >= 0 && front < rank ? front : null;
}

/** Whether a value has one element whatever its rank, so that it is the same for all that it is used with. */
export function isSingle(value: Followed | null): boolean {
  return value?.kind === "fixed" && value.dims !== null && productOf(value.dims) === 1;
}
