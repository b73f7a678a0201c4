import type { ModelVersionView } from "@slipway/contracts";
import type { Failure } from "../../trpc/failure.ts";
import { type JsonProblem, placeIn, prettyJson, readJson } from "../deployment/try/json-text.ts";

type Fields = Readonly<Record<string, unknown>>;
/** As the API takes it. */
export type Sample = {
  inputs: Record<string, unknown>[];
  outputs?: Record<string, unknown>[];
  parameters?: Record<string, unknown>;
};
export type SampleResult = { ok: true; sample: Sample } | { ok: false; problem: JsonProblem };

const FIELDS = ["inputs", "outputs", "parameters"];

/**
 * The sample to begin with, else a request without values for what the model takes. Of one that was generated the note that
 * it was stays out, for what somebody gives is theirs.
 */
export function sampleText({ sample, signature }: Pick<ModelVersionView, "sample" | "signature">): string {
  const empty = (signature?.inputs ?? []).map(({ name, datatype, shape }) => ({
    ...{ name, datatype, data: [] },
    shape: shape.map((size) => Math.max(1, size)),
  }));
  const { inputs, parameters, ...rest }: Fields = sample?.request ?? { inputs: empty };
  const request = {
    inputs: isListOfFields(inputs) ? inputs.map(inReadingOrder) : inputs,
    ...rest,
    ...(sample?.origin === "generated" ? {} : { parameters }),
  };
  const read = readJson(JSON.stringify(request));
  return read.ok ? prettyJson(read.value) : "";
}

/** The database keeps fields in an order of its own. */
function inReadingOrder({ name, datatype, shape, ...rest }: Fields): Fields {
  return { name, datatype, shape, ...rest };
}

/** Reads what somebody typed as a sample; what keeps it from being one comes with its place. The rest the API checks. */
export function readSample(text: string): SampleResult {
  const read = readJson(text);
  if (!read.ok) return read;
  const value: unknown = JSON.parse(text);
  const refused = (words: string, ...path: string[]): SampleResult => ({
    ok: false,
    problem: { ...placeIn(text, path), words },
  });
  if (!isFields(value)) return refused("A sample is an object with a list named inputs.");
  const { inputs, outputs, parameters } = value;
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    return refused(`${unknown.slice(0, 40)} is not known; a sample has inputs, outputs and parameters.`, unknown);
  }
  if (!isListOfFields(inputs)) return refused("inputs must be a list of objects.", "inputs");
  if (outputs !== undefined && !isListOfFields(outputs)) {
    return refused("outputs must be a list of objects.", "outputs");
  }
  if (parameters !== undefined && !isFields(parameters)) return refused("parameters must be an object.", "parameters");
  const sample = {
    ...{ inputs },
    ...(outputs === undefined ? {} : { outputs }),
    ...(parameters === undefined ? {} : { parameters }),
  };
  return { ok: true, sample };
}

/** Where in the text stands what the API refused; null when it refused something else. */
export function problemIn(text: string, failure: Failure | null): JsonProblem | null {
  const problem = failure?.problems.find(({ field }) => field === "sample" || field.startsWith("sample."));
  if (failure === null || problem === undefined) return null;
  const path = problem.field.split(".").slice(1);
  // A rule of a field goes on from its name; a refusal by the model is a sentence of its own.
  const words = failure.words === problem.message ? problem.message : `${path.join(".")} ${problem.message}.`;
  return { ...placeIn(text, path), words };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfFields(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every(isFields);
}
