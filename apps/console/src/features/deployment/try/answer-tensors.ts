import { flatten, isArray, type Json, member } from "./json-text.ts";
import { shapeText, sizesOf } from "./tensor-form.ts";
import { typedValue } from "./tensor-value.ts";

/** One tensor of an answer as a table shows it. */
export type AnswerTensor = {
  name: string;
  /** Datatype and shape in words. */
  about: string;
  /** The first rows and columns of its values. */
  rows: readonly (readonly string[])[];
  columns: number;
  /** What the table leaves out, in words; empty when it shows all. */
  left: string;
};

export const SHOWN_ROWS = 20;
export const SHOWN_COLUMNS = 12;

/** The output tensors of an Open Inference answer; none for any other body. */
export function answerTensors(body: Json): AnswerTensor[] {
  const outputs = member(body, "outputs");
  return isArray(outputs) ? outputs.map(answerTensor) : [];
}

function answerTensor(output: Json): AnswerTensor {
  const shape = sizesOf(output);
  const values = flatten(member(output, "data") ?? []).map(typedValue);
  const length = Math.max(1, shape.length < 2 ? 1 : shape.slice(1).reduce((product, size) => product * size, 1));
  const count = Math.ceil(values.length / length);
  const columns = Math.min(length, SHOWN_COLUMNS);
  const rows = Array.from({ length: Math.min(count, SHOWN_ROWS) }, (_, row) =>
    values.slice(row * length, row * length + columns),
  );
  const left = [
    count > SHOWN_ROWS ? `${count - SHOWN_ROWS} more rows` : "",
    length > SHOWN_COLUMNS ? `${length - SHOWN_COLUMNS} more columns` : "",
  ];
  return {
    name: typedValue(member(output, "name") ?? ""),
    about: `${typedValue(member(output, "datatype") ?? "")} ${shapeText(shape)}`,
    rows,
    columns,
    left: left.filter((part) => part !== "").join(" and "),
  };
}
