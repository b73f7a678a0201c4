import type { Operation } from "./operation.ts";
import {
  ACROSS,
  axisFromFront,
  type Element,
  fixed,
  isSingle,
  listOf,
  OPEN_SHAPE,
  type Outcome,
  rowsAt,
} from "./values.ts";

export function constant(operation: Operation): Outcome {
  const { attributes } = operation.node;
  const tensor = attributes.get("value")?.tensor;
  if (tensor) return [{ kind: "fixed", dims: tensor.dims, elements: tensor.values }];
  const int = attributes.get("value_int");
  if (int !== undefined) return [listOf([int.int ?? 0], [])];
  const ints = operation.ints("value_ints");
  if (ints) return [listOf(ints)];
  if (attributes.has("value_float") || attributes.has("value_string")) return [fixed([])];
  return [fixed()];
}

export function shape(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind === "counts") return [listOf(x.dims)];
  if (x?.kind !== "rows" && x?.kind !== "fixed") return ACROSS;
  if (x.dims === null) return [fixed([null])];
  const sizes: Element[] = x.dims.map((size, axis) => (x.kind === "rows" && axis === x.axis ? "rows" : size));
  return [listOf(sizes.slice(operation.int("start", 0), operation.has("end") ? operation.int("end", 0) : undefined))];
}

/** As many of one value as a shape says. */
export function constantOfShape(operation: Operation): Outcome {
  const sizes = operation.elements(0);
  if (!sizes) return operation.isFixed ? [fixed()] : ACROSS;
  const dims = sizes.map((size) => (typeof size === "number" ? size : null));
  const places = sizes.flatMap((size, axis) => (size === "rows" ? [axis] : []));
  const [place] = places;
  if (place === undefined) return [fixed(dims)];
  return places.length > 1 ? ACROSS : [rowsAt(place, dims)];
}

/** Entries of a table by number: the table may be the file's and the numbers a row's, or the other way round. */
export function gather(operation: Operation): Outcome {
  const [data, indices] = [operation.input(0), operation.input(1)];
  const given = operation.int("axis", 0);
  const list = operation.elements(0);
  if (
    indices?.kind === "fixed" &&
    list &&
    (data?.kind === "counts" || data?.kind === "fixed") &&
    data.dims?.length === 1
  ) {
    const wanted = operation.elements(1);
    if (!wanted || given !== 0) return operation.isFixed ? [fixed()] : "takes sizes by numbers that are not known";
    const picked = wanted.map((index) => (typeof index === "number" ? list.at(index) : undefined));
    const isKnown = picked.every((element) => element !== undefined);
    return isKnown
      ? [
          listOf(
            picked.filter((element) => element !== undefined),
            indices.dims ?? undefined,
          ),
        ]
      : ACROSS;
  }
  if ((data?.kind !== "rows" && data?.kind !== "fixed") || (indices?.kind !== "rows" && indices?.kind !== "fixed"))
    return ACROSS;
  if (data.dims === null || indices.dims === null) return operation.isFixed ? [fixed()] : OPEN_SHAPE;
  const axis = axisFromFront(given, data.dims.length);
  if (axis === null) return ACROSS;
  const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  if (data.kind === "fixed") return [indices.kind === "fixed" ? fixed(dims) : rowsAt(axis + indices.axis, dims)];
  if (indices.kind === "rows" || data.axis === axis) return "looks rows up by number";
  return [rowsAt(data.axis < axis ? data.axis : data.axis - 1 + indices.dims.length, dims)];
}

/** Numbers and table side by side: a row's numbers choose among what the row itself holds. */
export function gatherElements(operation: Operation): Outcome {
  const [data, indices] = [operation.rows(0), operation.rows(1)];
  if (data === null || indices === null) return operation.isFixed ? [fixed()] : ACROSS;
  const axis = axisFromFront(operation.int("axis", 0), data.dims.length);
  const isAlike = data.dims.length === indices.dims.length && data.axis === indices.axis;
  return isAlike && axis !== null && axis !== data.axis ? [indices] : "looks rows up by number";
}

/** A new axis of as many as the depth says; it is no row's. */
export function oneHot(operation: Operation): Outcome {
  const indices = operation.rows(0);
  if (indices === null || !operation.areFixed(1)) return operation.isFixed ? [fixed()] : ACROSS;
  const rank = indices.dims.length + 1;
  const axis = axisFromFront(operation.int("axis", -1), rank);
  if (axis === null) return ACROSS;
  const dims = [...indices.dims.slice(0, axis), null, ...indices.dims.slice(axis)];
  return [rowsAt(indices.axis < axis ? indices.axis : indices.axis + 1, dims)];
}

/** One scale for all, or one for each place of an axis that is not that of the rows. */
export function quantize(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind !== "rows")
    return operation.isFixed ? operation.every(fixed(x?.kind === "fixed" ? x.dims : null)) : ACROSS;
  if (!operation.areFixed(1)) return "takes a scale that depends on the rows";
  if ([1, 2].every((index) => operation.input(index) === null || isSingle(operation.input(index)))) return [x];
  const axis = axisFromFront(operation.int("axis", 1), x.dims.length);
  const isByAxis = [1, 2].every(
    (index) => operation.input(index) === null || operation.fixed(index)?.dims?.length === 1,
  );
  return isByAxis && axis !== null && axis !== x.axis && operation.int("block_size", 0) === 0 ? [x] : ACROSS;
}

/** Layout 0: steps, rows, numbers. What comes out has an axis of directions before that of the rows. */
export function recurrent(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null || operation.int("layout", 0) !== 0) return operation.isFixed ? operation.every(fixed()) : ACROSS;
  if (x.dims.length !== 3 || x.axis !== 1) return ACROSS;
  const isFixed = [1, 2, 3, 7].every((index) => operation.input(index) === null || operation.fixed(index) !== null);
  const lengths = operation.input(4);
  const states = [operation.input(5), operation.input(6)];
  if (!isFixed) return ACROSS;
  if (lengths !== null && (lengths.kind !== "rows" || lengths.axis !== 0 || lengths.dims.length !== 1)) return ACROSS;
  for (const state of states) {
    if (state !== null && (state.kind !== "rows" || state.axis !== 1 || state.dims.length !== 3)) {
      return "begins with a state that is not each row's own";
    }
  }
  const all = rowsAt(2, [null, null, null, null]);
  return operation.node.outputs.map((_, index) => (index === 0 ? all : rowsAt(1, [null, null, null])));
}
