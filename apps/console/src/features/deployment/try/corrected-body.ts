import type { TensorSignature } from "@slipway/contracts";
import { isArray, isObject, type Json, member, prettyJson } from "./json-text.ts";
import { gridOf, inputOf, shapeText, sizesOf, valuesOf } from "./tensor-form.ts";
import { emptyValue, readValue, typedValue } from "./tensor-value.ts";

export type Correction = { text: string /** What was changed, one sentence each. */; changes: readonly string[] };

type Signature = { inputs: readonly TensorSignature[]; outputs: readonly TensorSignature[] };

/**
 * A body that the signature takes, with everything of a refused one that fits. Null when nothing had to be changed, so
 * that the refusal has another cause.
 */
export function correctedBody(body: Json, signature: Signature): Correction | null {
  const changes: string[] = [];
  const inputs = member(body, "inputs");
  if (!isArray(inputs)) changes.push("The list of inputs was added.");
  const given = isArray(inputs) ? inputs : [];
  const named = new Map(signature.inputs.map(({ name }) => [name, given.find((one) => member(one, "name") === name)]));
  const spare = given.filter((one) => ![...named.values()].includes(one));
  const missing = signature.inputs.filter(({ name }) => named.get(name) === undefined);
  const [onlySpare] = spare;
  const [onlyMissing] = missing;
  // One that is not known and one that is missing are most likely the same under a wrong name.
  if (spare.length === 1 && missing.length === 1 && onlySpare !== undefined && onlyMissing !== undefined) {
    named.set(onlyMissing.name, onlySpare);
    changes.push(`Input ${nameOf(onlySpare)} is now named ${onlyMissing.name}.`);
  } else {
    changes.push(...spare.map((one) => `Input ${nameOf(one)} was left out: the model does not know it.`));
  }
  const fitted = signature.inputs.map((tensor) => fitInput(tensor, named.get(tensor.name), changes));
  const rest = isObject(body) ? [...body].filter(([name]) => name !== "inputs") : [];
  const kept = rest.filter(([name, value]) => name !== "outputs" || asksForKnown(value, signature.outputs));
  if (kept.length < rest.length) changes.push("The choice of outputs was left out: the model has no such output.");
  if (changes.length === 0) return null;
  return { text: prettyJson(new Map<string, Json>([["inputs", fitted], ...kept])), changes };
}

function nameOf(input: Json): string {
  return typedValue(member(input, "name") ?? "") || "without a name";
}

function asksForKnown(outputs: Json, known: readonly TensorSignature[]): boolean {
  return isArray(outputs) && outputs.every((one) => known.some(({ name }) => name === member(one, "name")));
}

function fitInput(tensor: TensorSignature, given: Json | undefined, changes: string[]): Json {
  const { name, datatype } = tensor;
  const before = changes.length;
  const values = valuesOf(given);
  const shape = fitShape(tensor.shape, sizesOf(given), values.length);
  const count = shape.reduce((product, size) => product * size, 1);
  let replaced = 0;
  const data = Array.from({ length: count }, (_, index) => {
    const typed = values[index];
    const value = typed === undefined ? null : fitValue(datatype, typed);
    if (typed !== undefined && value?.isChanged !== false) replaced += 1;
    return value?.value ?? zeroOf(datatype);
  });
  if (given === undefined) changes.push(`Input ${name} was added, filled with ${zeroWord(datatype)}.`);
  else {
    if (member(given, "datatype") !== datatype) changes.push(`Datatype of ${name} is ${datatype}.`);
    if (sizesOf(given).join() !== shape.join()) changes.push(`Shape of ${name} is ${shapeText(shape)}.`);
    if (values.length > count) changes.push(`${counted(values.length - count)} of ${name} had no place.`);
    if (values.length < count)
      changes.push(
        `${counted(count - values.length)} of ${name} ${values.length + 1 === count ? "was" : "were"} missing.`,
      );
    if (replaced > 0)
      changes.push(`${counted(replaced)} of ${name} ${replaced === 1 ? "was" : "were"} no ${datatype}.`);
  }
  // An input that fits stays as its writer wrote it, nested lists and all.
  return changes.length === before && given !== undefined
    ? given
    : inputOf(tensor, shape, data, member(given, "parameters"));
}

/** The shape next to what was given: whole rows of it, and never none. */
function fitShape(shape: readonly number[], given: readonly number[], count: number): number[] {
  const grid = gridOf(shape);
  if (grid !== null) {
    const rows = grid.rows ?? Math.max(1, Math.floor(count / Math.max(grid.columns, 1)));
    return shape.map((size) => (size < 0 ? rows : size));
  }
  const isFitting =
    given.length === shape.length &&
    given.every((size, index) => size > 0 && ((shape[index] ?? -1) < 0 || size === shape[index])) &&
    given.reduce((product, size) => product * size, 1) <= Math.max(count, 1) * 2;
  return isFitting ? [...given] : shape.map((size) => Math.max(size, 1));
}

function fitValue(datatype: string, typed: string): { value: Json; isChanged: boolean } | null {
  const read = readValue(datatype, typed);
  if (read.ok) return { value: read.value, isChanged: false };
  // 5.1 for a whole number is 5.
  const whole = readValue(datatype, String(Math.trunc(Number(typed))));
  return whole.ok && typed.trim() !== "" ? { value: whole.value, isChanged: true } : null;
}

function zeroOf(datatype: string): Json {
  const zero = readValue(datatype, emptyValue(datatype));
  return zero.ok ? zero.value : null;
}

function zeroWord(datatype: string): string {
  return datatype === "BYTES" ? "empty texts" : datatype === "BOOL" ? "false" : "zeros";
}

function counted(count: number): string {
  return count === 1 ? "1 value" : `${count} values`;
}
