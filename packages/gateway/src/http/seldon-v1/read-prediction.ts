import { SlipwayError } from "@slipway/contracts";
import { parseExactly, parseJsonBody } from "@slipway/inference/json-parse";

/** Levels of arrays and objects in a body. */
const MAX_DEPTH = 32;
/** Forms of Seldon's first protocol that carry no tensor. */
const OTHER_FORMS = ["strData", "binData", "jsonData", "tftensor"] as const;

export type Value = number | bigint | string | boolean;
/** The rows of a `data` block in row-major order, whichever of the two forms it had. */
export type Prediction = {
  form: "ndarray" | "tensor";
  shape: number[];
  values: Value[];
  names: string[] | null;
  puid: string | null;
};

/**
 * Reads a body of Seldon's first protocol; whole numbers beyond 2^53 stay exact.
 * @throws SlipwayError request/malformed_json, request/too_deep, request/invalid
 */
export function readPrediction(body: Buffer): Prediction {
  const parsed = parseJsonBody(body, MAX_DEPTH);
  // Sixteen digits in a row may be more than a double holds.
  const root = /\d{16}/.test(parsed.text) ? parseExactly(parsed.text) : parsed.value;
  if (!isObject(root)) throw invalid("The body must be an object with data.ndarray or data.tensor.");
  const other = OTHER_FORMS.find((form) => form in root || (isObject(root.data) && form in root.data));
  if (other !== undefined) {
    throw invalid(
      `${other} is not supported here; send data.ndarray or data.tensor, or use the Open Inference path.`,
      other,
    );
  }
  if (!isObject(root.data)) throw invalid("data is missing; send data.ndarray or data.tensor.", "data");
  const puid = isObject(root.meta) && typeof root.meta.puid === "string" ? root.meta.puid.slice(0, 128) : null;
  return { ...readData(root.data), names: readNames(root.data.names), puid };
}

function readData(data: Record<string, unknown>): Pick<Prediction, "form" | "shape" | "values"> {
  if (data.ndarray !== undefined && data.tensor !== undefined) {
    throw invalid("data holds both ndarray and tensor; send one of them.", "data");
  }
  if (data.ndarray !== undefined) {
    const shape = shapeOf(data.ndarray);
    const values: Value[] = [];
    flatten(data.ndarray, shape, 0, values);
    return { form: "ndarray", shape, values };
  }
  if (!isObject(data.tensor)) throw invalid("data has neither ndarray nor tensor.", "data");
  const { shape, values } = data.tensor;
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    throw invalid("data.tensor.shape must be a list of whole numbers that are not negative.", "data.tensor.shape");
  }
  if (!Array.isArray(values)) throw invalid("data.tensor.values must be a list.", "data.tensor.values");
  const expected = shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw invalid(
      `data.tensor.values has ${values.length} values; its shape [${shape.join(", ")}] says ${expected}.`,
      "data.tensor.values",
    );
  }
  return { form: "tensor", shape, values: values.map((value) => scalar(value, "data.tensor.values")) };
}

function readNames(names: unknown): string[] | null {
  if (names === undefined || names === null) return null;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw invalid("data.names must be a list of texts.", "data.names");
  }
  return names;
}

/** The size of every level by its first element; `flatten` then holds all others to it. */
function shapeOf(ndarray: unknown): number[] {
  if (!Array.isArray(ndarray)) throw invalid("data.ndarray must be a list.", "data.ndarray");
  const shape: number[] = [];
  for (let level: unknown = ndarray; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(level: unknown, shape: readonly number[], depth: number, into: Value[]): void {
  if (depth === shape.length) {
    into.push(scalar(level, "data.ndarray"));
    return;
  }
  if (!Array.isArray(level) || level.length !== shape[depth]) {
    throw invalid("data.ndarray must be rectangular: every row needs the same number of values.", "data.ndarray");
  }
  for (const element of level) flatten(element, shape, depth + 1, into);
}

function scalar(value: unknown, field: string): Value {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string" || typeof value === "boolean")
    return value;
  throw invalid(`${field} may hold numbers, texts, true and false only.`, field);
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && Number(size) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(problem: string, field?: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem }, field === undefined ? {} : { field });
}
