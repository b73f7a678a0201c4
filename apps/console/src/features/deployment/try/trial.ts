import type { ResourceView, TrialAnswer } from "@slipway/contracts";
import type { Failure } from "../../../trpc/failure.ts";
import { type JsonProblem, prettyJson, readJson } from "./json-text.ts";
import { bodyOf, type FormProblem, type FormTensor, formOf, type TensorForm } from "./tensor-form.ts";

export type Signature = NonNullable<ResourceView["status"]["signature"]>;
export type TrialMode = "form" | "json";

/** One sent body and what became of it. */
export type Attempt = {
  id: number;
  atMs: number;
  body: string;
  outcome: { kind: "answer"; answer: TrialAnswer } | { kind: "failure"; failure: Failure };
};

/** Everything of the tab that a person would miss if it went. */
export type Trial = {
  mode: TrialMode;
  signature: Signature | null;
  /** Null without a signature. */
  form: TensorForm | null;
  json: string;
  /** Which of the two was changed last; the other one may say something else. */
  ahead: TrialMode | "neither";
  /** Something was typed: no sample may write over it. */
  isTouched: boolean;
  /** What the form could not take of the JSON; empty when nothing is to be said. */
  note: string;
  attempts: readonly Attempt[];
  /** The attempt whose outcome is looked at; null before the first. */
  shownId: number | null;
};

/** How many attempts can be gone back to. */
export const ATTEMPTS_LIMIT = 10;
/** What the text begins with where there is no sample. */
const EMPTY_BODY = '{\n  "inputs": []\n}';

/** The tab as it is first seen: the sample, in the form where that has a place for all of it. */
export function beginTrial(signature: Signature | null, sample: string | undefined): Trial {
  const read = sample === undefined ? null : readJson(sample);
  const json = read?.ok === true ? prettyJson(read.value) : EMPTY_BODY;
  const base = { signature, json, ahead: "neither" as const, isTouched: false, note: "", attempts: [], shownId: null };
  if (signature === null) return { ...base, mode: "json", form: null };
  const { form, left } = formOf(read?.ok === true ? read.value : new Map(), signature.inputs);
  return { ...base, mode: left.length === 0 ? "form" : "json", form };
}

/** Goes over to a sample or signature that was not there before. What was typed stays, as JSON where the form cannot. */
export function meetModel(trial: Trial, signature: Signature | null, sample: string | undefined): Trial {
  if (!trial.isTouched) return { ...beginTrial(signature, sample), attempts: trial.attempts, shownId: trial.shownId };
  if (JSON.stringify(signature) === JSON.stringify(trial.signature)) return trial;
  const text = textOf(trial);
  const json = text.ok ? text.text : trial.json;
  const note = "The model now takes other inputs; what you typed is kept as JSON.";
  const form = signature === null ? null : formOf(new Map(), signature.inputs).form;
  return { ...trial, signature, form, json, mode: "json", ahead: "json", note };
}

export function changeTensor(trial: Trial, tensor: FormTensor): Trial {
  if (trial.form === null) return trial;
  const tensors = trial.form.tensors.map((one) => (one.name === tensor.name ? tensor : one));
  return { ...trial, form: { ...trial.form, tensors }, ahead: "form", isTouched: true };
}

export function changeJson(trial: Trial, json: string): Trial {
  return { ...trial, json, ahead: "json", isTouched: true };
}

/** Shows the body the other way, with all that was typed, as far as the other way has a place for it. */
export function switchMode(trial: Trial, mode: TrialMode): Trial {
  if (mode === trial.mode) return trial;
  return mode === "json" ? toJson(trial) : toForm(trial);
}

function toJson(trial: Trial): Trial {
  if (trial.form === null || trial.ahead !== "form") return { ...trial, mode: "json", note: "" };
  const body = bodyOf(trial.form);
  if (body.ok) return { ...trial, mode: "json", json: body.text, ahead: "neither", note: "" };
  return { ...trial, mode: "json", note: "The form has values that are no numbers yet, so the JSON is as it was." };
}

function toForm(trial: Trial): Trial {
  if (trial.signature === null || trial.form === null) return trial;
  if (trial.ahead === "form") return { ...trial, mode: "form", note: "" };
  const read = readJson(trial.json);
  if (!read.ok) return { ...trial, mode: "form", note: "The JSON is not valid yet, so the form is as it was." };
  const { form, left } = formOf(read.value, trial.signature.inputs);
  const note = left.length === 0 ? "" : `The form has no place for ${left.join(", ")}; the JSON still holds it.`;
  return { ...trial, mode: "form", form, ahead: left.length === 0 ? "neither" : "json", note };
}

/** Puts in a whole body, in the way that is looked at. */
export function takeBody(trial: Trial, json: string): Trial {
  const taken = { ...trial, mode: "json" as const, json, ahead: "json" as const, isTouched: true, note: "" };
  return trial.mode === "form" ? toForm(taken) : taken;
}

export type TextResult =
  | { ok: true; text: string }
  | { ok: false; problems: readonly FormProblem[]; jsonProblem: JsonProblem | null };

/** The body that would be sent now, which is what is looked at; or what is wrong with it. */
export function textOf({ mode, form, json, ahead }: Trial): TextResult {
  if (mode === "form" && form !== null && ahead !== "neither") {
    const body = bodyOf(form);
    return body.ok ? body : { ok: false, problems: body.problems, jsonProblem: null };
  }
  const read = readJson(json);
  return read.ok ? { ok: true, text: json } : { ok: false, problems: [], jsonProblem: read.problem };
}

/** Keeps what became of a body that was sent, and shows it. */
export function addAttempt(trial: Trial, attempt: Omit<Attempt, "id">): Trial {
  const id = (trial.attempts[0]?.id ?? 0) + 1;
  return { ...trial, attempts: [{ ...attempt, id }, ...trial.attempts].slice(0, ATTEMPTS_LIMIT), shownId: id };
}

/** Goes back to an attempt: its outcome is shown and its body stands ready to be sent again. */
export function returnTo(trial: Trial, id: number): Trial {
  const attempt = trial.attempts.find((one) => one.id === id);
  return attempt === undefined ? trial : { ...takeBody(trial, attempt.body), shownId: id };
}
