import { SlipwayError } from "@slipway/contracts";
import { checkTexts } from "./check-texts.ts";
import { DATATYPES, isDatatype } from "./datatype.ts";
import { convertValues, flattenData } from "./json-values.ts";
import type { InferLimits } from "./limits.ts";
import { shorten } from "./shorten.ts";
import type { Tensor } from "./tensor.ts";

export type TensorContext = {
  readonly limits: InferLimits;
  readonly exact: boolean;
  readonly needsExact: () => void;
};

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function invalid(field: string, problem: string): SlipwayError<"request/invalid"> {
  return new SlipwayError("request/invalid", { problem }, { field });
}

/** Reads one tensor of a parsed body; `list` and `index` say where it stands. @throws SlipwayError */
export function readTensor(value: unknown, list: "inputs" | "outputs", index: number, context: TensorContext): Tensor {
  const place = `${list}.${index}`;
  if (!isRecord(value)) throw invalid(place, `${place} must be an object.`);
  const { name, datatype, shape, data } = value;
  if (typeof name !== "string" || name === "")
    throw invalid(`${place}.name`, `${place}.name must be a text that is not empty.`);
  const label = shorten(name);
  if (typeof datatype !== "string") throw invalid(`${place}.datatype`, `Input ${label} has no datatype.`);
  if (!isDatatype(datatype)) throw unknownDatatype(`${place}.datatype`, `Input ${label}`, datatype);
  const dimensions = readShape(shape, label, `${place}.shape`, context.limits);
  checkParameters(value.parameters, `${place}.parameters`);
  if (!Array.isArray(data)) throw invalid(`${place}.data`, `Input ${label} has no data; it must be a list.`);
  const values: readonly unknown[] = data;
  const field = `${place}.data`;
  const valueContext = { input: label, field, exact: context.exact, needsExact: context.needsExact };
  const flat = flattenData(values, dimensions.shape, valueContext);
  if (flat.length !== dimensions.count) {
    throw new SlipwayError(
      "tensor/element_count",
      { input: label, given: flat.length, expected: dimensions.count },
      { field },
    );
  }
  const elements = convertValues(datatype, flat, valueContext);
  if (list === "inputs") checkTexts(elements, label, field);
  return { name, datatype, shape: dimensions.shape, data: elements };
}

/**
 * Checks a shape that came from outside and multiplies it without overflow.
 * @throws SlipwayError
 */
export function readShape(
  value: unknown,
  input: string,
  field: string,
  limits: InferLimits,
): { shape: readonly number[]; count: number } {
  if (!Array.isArray(value)) throw invalid(field, `Input ${input} has no shape; it must be a list of whole numbers.`);
  if (value.length > limits.maxDimensions) {
    throw invalid(field, `Input ${input} has ${value.length} dimensions; at most ${limits.maxDimensions} are allowed.`);
  }
  const shape: number[] = [];
  let count = 1;
  /** The product of the dimensions that are not 0. It may become Infinity, which is above every limit. */
  let besideZero = 1;
  for (const dimension of value) {
    if (typeof dimension !== "number" || !Number.isInteger(dimension) || dimension < 0) {
      throw invalid(field, `The shape of input ${input} must be a list of whole numbers, none below 0.`);
    }
    count *= dimension;
    if (dimension !== 0) besideZero *= dimension;
    shape.push(dimension);
  }
  const limit = shape.includes(0) ? limits.maxElementsBesideZero : limits.maxElements;
  if (besideZero > limit) throw new SlipwayError("tensor/too_many_elements", { input, limit }, { field });
  return { shape, count };
}

/** Parameters have no meaning here, yet they must be what the protocol says. */
export function checkParameters(value: unknown, field: string): void {
  if (value === undefined || value === null) return;
  if (!isRecord(value)) throw invalid(field, `${field} must be an object.`);
  for (const [key, parameter] of Object.entries(value)) {
    if (!["string", "number", "boolean"].includes(typeof parameter)) {
      throw invalid(`${field}.${shorten(key)}`, `${field}.${shorten(key)} must be a text, a number, true or false.`);
    }
  }
}

export function unknownDatatype(field: string, what: string, given: string): SlipwayError<"request/invalid"> {
  return invalid(
    field,
    `${what} has datatype ${shorten(given)}, which does not exist; one of ${DATATYPES.join(", ")} is allowed.`,
  );
}
