import { ERROR_CODES, type ErrorCode } from "@slipway/contracts/error-codes";
import { SlipwayError } from "@slipway/contracts/errors";
import type { Tensor } from "@slipway/inference";
import type { Examination, ExamineInput } from "./examine-model.ts";

/** What a session is opened with; `key` names it in its runner. */
export type OpenInput = {
  key: string;
  file: string;
  intraOpThreads: number;
  withoutShape: readonly string[];
  keepsMemory: boolean;
};

/** What the serving process asks of a runner. `id` pairs an answer with its request. */
export type RunnerRequest =
  | { id: number; kind: "examine"; input: ExamineInput }
  | { id: number; kind: "open"; input: OpenInput }
  | { id: number; kind: "run"; key: string; inputs: readonly Tensor[]; outputs: readonly string[] }
  | { id: number; kind: "close"; key: string };

export type RunnerResult = { examination?: Examination; outputs?: Tensor[] };
export type RunnerAnswer = { id: number; result: RunnerResult } | { id: number; failure: RunnerFailure };

/** An error on its way between processes, where classes are lost. */
export type RunnerFailure = { code: string; data: Readonly<Record<string, unknown>>; message: string };

export function toFailure(error: unknown): RunnerFailure {
  if (error instanceof SlipwayError) return { code: error.code, data: { ...error.data }, message: error.message };
  return { code: "internal", data: {}, message: error instanceof Error ? error.message : String(error) };
}

/** The error that a runner sent. Only those that loading and running give keep their code. */
export function fromFailure(failure: RunnerFailure): SlipwayError {
  const { code, data } = failure;
  const cause = new Error(failure.message);
  const detail = String(data.detail ?? "no cause was given");
  const known: ErrorCode | null = Object.hasOwn(ERROR_CODES, code) ? knownCode(code) : null;
  if (known === "model/corrupt") return new SlipwayError("model/corrupt", { detail }, { cause });
  if (known === "model/failed") return new SlipwayError("model/failed", { detail }, { cause });
  if (known === "model/external_data") {
    return new SlipwayError("model/external_data", { path: String(data.path ?? "") }, { cause });
  }
  return new SlipwayError("internal", {}, { cause });
}

function knownCode(code: string): "model/corrupt" | "model/failed" | "model/external_data" | null {
  return code === "model/corrupt" || code === "model/failed" || code === "model/external_data" ? code : null;
}
