import type { Operation } from "./operation.ts";
import { ACROSS, fixed, type Outcome, productOf, type Rows, rowsAt } from "./values.ts";

/** What scikit-learn and its like become: a table of rows and columns. One axis alone would be a single row. */
function tableOf(operation: Operation): Rows | null {
  const x = operation.rows(0);
  return x !== null && x.axis === 0 && x.dims.length === 2 && operation.areFixed(1) ? x : null;
}

/** Each number of the table becomes another, by its column. */
export function byColumn(operation: Operation): Outcome {
  const x = tableOf(operation);
  return x === null ? ACROSS : [x];
}

/** A label and the scores of each row. */
export function classifier(operation: Operation): Outcome {
  if (tableOf(operation) === null) return ACROSS;
  return operation.node.outputs.map((_, index) => (index === 0 ? rowsAt(0, [null]) : rowsAt(0, [null, null])));
}

export function regressor(operation: Operation): Outcome {
  return tableOf(operation) === null ? ACROSS : [rowsAt(0, [null, null])];
}

/** Each element becomes another. */
export function label(operation: Operation): Outcome {
  const x = operation.input(0);
  return x?.kind === "rows" && operation.inputs.length === 1 ? operation.every(x) : ACROSS;
}

export function oneHotEncoder(operation: Operation): Outcome {
  const x = operation.rows(0);
  return x === null ? ACROSS : [rowsAt(x.axis, [...x.dims, null])];
}

export function featureVectorizer(operation: Operation): Outcome {
  const isTable = operation.inputs.every(
    (input) => input?.kind === "rows" && input.axis === 0 && input.dims.length === 2,
  );
  return isTable && operation.inputs.length > 0 ? [rowsAt(0, [null, null])] : ACROSS;
}

/** Columns of a table by number; or the file's own list (of labels, say) by the number that each row has found. */
export function arrayFeatureExtractor(operation: Operation): Outcome {
  const [x, y] = [operation.input(0), operation.input(1)];
  if (x?.kind === "rows" && y?.kind === "fixed") {
    return x.dims.length === 2 && x.axis === 0 ? [rowsAt(0, [null, null])] : ACROSS;
  }
  if (x?.kind !== "fixed" || y?.kind !== "rows" || x.dims === null) return operation.isFixed ? [fixed()] : ACROSS;
  const isList = productOf(x.dims.slice(0, -1)) === 1 && x.dims.length <= 2;
  const others = productOf(y.dims.filter((_, axis) => axis !== y.axis));
  return isList && others === 1 ? [rowsAt(1, [1, null])] : ACROSS;
}
