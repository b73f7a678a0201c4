import type { TensorSignature } from "@slipway/contracts";
import { flatten, isArray, isNumber, isObject, type Json, member, prettyJson } from "./json-text.ts";
import { emptyValue, readValue, typedValue } from "./tensor-value.ts";

/** What is typed for one tensor: cells where they are few, else one text. */
export type FormTensor = {
  name: string;
  datatype: string;
  /** Of the signature; below 0 = any size. */
  shape: readonly number[];
  layout: "grid" | "text";
  rows: readonly (readonly string[])[];
  text: string;
  /** The whole shape, where more than the number of rows is free; else empty. */
  sizes: string;
  /** Of this tensor in the body; the form only keeps them. */
  parameters: Json | undefined;
};
/** The form of a request: a tensor for each input of the signature, and what else the body holds. */
export type TensorForm = { tensors: readonly FormTensor[]; rest: readonly (readonly [string, Json])[] };

export type FormProblem = { tensor: string; words: string; row?: number; column?: number };
export type BodyResult = { ok: true; text: string } | { ok: false; problems: readonly FormProblem[] };

/** Wider or longer than this, cells are worse to type in than a text. */
export const GRID_COLUMNS = 12;
export const GRID_ROWS = 20;

/** Rows of equal length that a shape is made of; `rows` null = as many as you like, whole null = not made of rows. */
export function gridOf(shape: readonly number[]): { columns: number; rows: number | null } | null {
  const [first, ...others] = shape;
  if (first === undefined) return { columns: 1, rows: 1 };
  if (others.some((size) => size < 0)) return null;
  if (others.length === 0) return first < 0 ? { columns: 1, rows: null } : { columns: first, rows: 1 };
  return { columns: others.reduce((product, size) => product * size, 1), rows: first < 0 ? null : first };
}

/** Puts a body into the form of a signature. `left` names what the form has no place for. */
export function formOf(body: Json, signature: readonly TensorSignature[]): { form: TensorForm; left: string[] } {
  const inputs = member(body, "inputs");
  const given = isArray(inputs) ? inputs : [];
  const left = given
    .filter((input) => !signature.some(({ name }) => name === member(input, "name")))
    .map((input) => `input ${typedValue(member(input, "name") ?? "without a name")}`);
  const rest = isObject(body) ? [...body].filter(([name]) => name !== "inputs") : [];
  const tensors = signature.map((tensor) => {
    const own = given.find((input) => member(input, "name") === tensor.name);
    return tensorOf(tensor, valuesOf(own), sizesOf(own), member(own, "parameters"));
  });
  return { form: { tensors, rest }, left };
}

/** The values of a body's input as typed text, in order. */
export function valuesOf(input: Json | undefined): string[] {
  const data = member(input, "data");
  return data === undefined ? [] : flatten(data).map(typedValue);
}

/** The shape that a body's input states; empty when it states none. */
export function sizesOf(input: Json | undefined): number[] {
  const shape = member(input, "shape");
  return isArray(shape) ? shape.filter(isNumber).map(({ number }) => Number(number)) : [];
}

/** A tensor of the form with these values in it. */
export function tensorOf(
  { name, datatype, shape }: TensorSignature,
  values: readonly string[],
  sizes: readonly number[] = [],
  parameters?: Json,
): FormTensor {
  const grid = gridOf(shape);
  const base = { name, datatype, shape, parameters, sizes: "", text: "", rows: [] };
  if (grid === null) {
    const all = sizes.length === shape.length ? sizes : shape.map((size) => Math.max(size, 1));
    return { ...base, layout: "text", text: textOf(values, all.at(-1) ?? 1, datatype), sizes: all.join(", ") };
  }
  const count = grid.rows ?? Math.max(1, Math.ceil(values.length / Math.max(grid.columns, 1)));
  if (grid.columns > GRID_COLUMNS || count > GRID_ROWS) {
    return { ...base, layout: "text", text: textOf(values, grid.columns, datatype) };
  }
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from({ length: grid.columns }, (_, column) => values[row * grid.columns + column] ?? ""),
  );
  return { ...base, layout: "grid", rows };
}

/** A row more, of empty cells. */
export function addRow(tensor: FormTensor): FormTensor {
  const columns = gridOf(tensor.shape)?.columns ?? 1;
  return { ...tensor, rows: [...tensor.rows, Array.from({ length: columns }, () => emptyValue(tensor.datatype))] };
}

export function removeRow(tensor: FormTensor, row: number): FormTensor {
  return { ...tensor, rows: tensor.rows.filter((_, index) => index !== row) };
}

export function setCell(tensor: FormTensor, row: number, column: number, typed: string): FormTensor {
  const rows = tensor.rows.map((cells, index) =>
    index === row ? cells.map((cell, place) => (place === column ? typed : cell)) : cells,
  );
  return { ...tensor, rows };
}

/** The body that the form says, or everything that is wrong with it. */
export function bodyOf({ tensors, rest }: TensorForm): BodyResult {
  const read = tensors.map(readTensor);
  const problems = read.flatMap((tensor) => tensor.problems);
  if (problems.length > 0) return { ok: false, problems };
  const inputs = read.map((tensor) => tensor.input);
  return { ok: true, text: prettyJson(new Map<string, Json>([["inputs", inputs], ...rest])) };
}

/** One input of a body. */
export function inputOf(
  { name, datatype }: Pick<FormTensor, "name" | "datatype">,
  shape: readonly number[],
  data: readonly Json[],
  parameters: Json | undefined,
): Json {
  return new Map<string, Json>([
    ["name", name],
    ["datatype", datatype],
    ["shape", shape.map((size) => ({ number: String(size) }))],
    ...(parameters === undefined ? [] : [["parameters", parameters] as const]),
    ["data", data],
  ]);
}

function readTensor(tensor: FormTensor): { input: Json; problems: FormProblem[] } {
  const { name, datatype } = tensor;
  const problems: FormProblem[] = [];
  const data: Json[] = [];
  for (const { typed, where, row, column } of placesOf(tensor)) {
    const value = readValue(datatype, typed);
    if (value.ok) data.push(value.value);
    else problems.push({ tensor: name, row, column, words: `${where} ${value.words}.` });
  }
  const shape = problems.length > 0 ? [] : shapeOf(tensor, data.length);
  if (typeof shape === "string") return { input: null, problems: [{ tensor: name, words: shape }] };
  return { input: inputOf(tensor, shape, data, tensor.parameters), problems };
}

type Place = { typed: string; where: string; row: number; column: number };

function placesOf({ layout, rows, text, datatype }: FormTensor): Place[] {
  const lines = layout === "grid" ? rows : text.split("\n").map((line) => wordsOf(line, datatype));
  const unit = layout === "grid" ? ["Row", "column"] : ["Line", "value"];
  return lines.flatMap((cells, row) =>
    cells.map((typed, column) => ({
      typed,
      row,
      column,
      where: cells.length === 1 ? `${unit[0]} ${row + 1}` : `${unit[0]} ${row + 1}, ${unit[1]} ${column + 1},`,
    })),
  );
}

/** Values of a line: with commas or spaces between them; a text of bytes is the whole line. */
function wordsOf(line: string, datatype: string): string[] {
  if (datatype === "BYTES") return line === "" ? [] : [line];
  return line.split(/[\s,;[\]]+/).filter((word) => word !== "");
}

/** The shape of so many values, or why they make none. */
function shapeOf({ shape, sizes }: FormTensor, count: number): number[] | string {
  const grid = gridOf(shape);
  if (grid === null) return freeShapeOf(shape, sizes, count);
  if (count === 0) return "It has no values.";
  if (grid.rows !== null && count !== grid.rows * grid.columns) {
    return `It takes ${grid.rows * grid.columns} values; there are ${count}.`;
  }
  if (grid.columns === 0 || count % grid.columns !== 0) {
    return `A row takes ${grid.columns} values; ${count} values make no whole rows.`;
  }
  return shape.map((size, index) => (index === 0 && size < 0 ? count / grid.columns : size));
}

function freeShapeOf(shape: readonly number[], typed: string, count: number): number[] | string {
  const sizes = typed
    .split(/[\s,x×[\]]+/)
    .filter((word) => word !== "")
    .map(Number);
  const isFitting =
    sizes.length === shape.length &&
    sizes.every(
      (size, index) => Number.isInteger(size) && size > 0 && ((shape[index] ?? -1) < 0 || size === shape[index]),
    );
  if (!isFitting) return `The shape must be ${shapeText(shape)}, each “any” a whole number from 1.`;
  const wanted = sizes.reduce((product, size) => product * size, 1);
  return wanted === count ? sizes : `The shape ${shapeText(sizes)} takes ${wanted} values; there are ${count}.`;
}

/** `[any, 4]` */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.map((size) => (size < 0 ? "any" : size)).join(", ")}]`;
}

function textOf(values: readonly string[], columns: number, datatype: string): string {
  const perLine = datatype === "BYTES" ? 1 : Math.max(columns, 1);
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += perLine) {
    lines.push(values.slice(start, start + perLine).join(", "));
  }
  return lines.join("\n");
}
