import type { Operation } from "./operation.ts";
import { ACROSS, fixed, type Outcome, rowsAt } from "./values.ts";

/** Upper and lower case keep each text where it is; words that are left out would move those behind them. */
export function stringNormalizer(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null) return operation.isFixed ? [fixed()] : ACROSS;
  if (operation.has("stopwords")) return "leaves out words, and with them rows";
  return x.dims.length === 1 ? [x] : ACROSS;
}

/** Words of each text, with as many places as the longest text of the batch needs. */
export function tokenizer(operation: Operation): Outcome {
  const x = operation.rows(0);
  if (x === null || x.axis !== 0 || x.dims.length !== 1) return ACROSS;
  const padding = operation.node.attributes.get("pad_value")?.text;
  return padding === undefined || padding === null ? ACROSS : [{ kind: "padded", rank: 2, padding }];
}

/** Counts the words of each row. Places that were only filled up count for nothing where no known word is like them. */
export function tfIdfVectorizer(operation: Operation): Outcome {
  const x = operation.input(0);
  if (x?.kind === "padded") {
    const words = operation.node.attributes.get("pool_strings");
    if (words === undefined || !words.isWhole) return "counts words of which not all are read";
    if (x.rank !== 2 || words.texts.includes(x.padding))
      return "counts the places that a longer text adds to the others";
    return [rowsAt(0, [null, null])];
  }
  if (x?.kind !== "rows") return operation.isFixed ? [fixed()] : ACROSS;
  return x.axis === 0 && x.dims.length === 2 ? [rowsAt(0, [null, null])] : ACROSS;
}
