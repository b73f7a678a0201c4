import { ERROR_CODES, type ErrorCode, SlipwayError } from "@slipway/contracts";
import { InferenceHttpError } from "@slipway/inference";
import { DeadlineExceeded } from "../with-deadline.ts";
import type { ModelFailure } from "./held-model.ts";

/** The longest detail of a foreign server's answer that is passed on. */
const MAX_DETAIL_LENGTH = 500;

/** Whether a call did not reach the model server, which says nothing about the model: it is to be tried again. */
export function isUnreachable(error: unknown): boolean {
  // What `fetch` rejects with when there is no answer at all.
  return error instanceof TypeError;
}

/** What an error of a fetch or a load says about the model. */
export function modelFailureOf(error: unknown, startTimeoutMs: number): ModelFailure {
  if (error instanceof DeadlineExceeded) {
    return failure(new SlipwayError("model/load_timeout", { limit: `${startTimeoutMs / 1000} s` }));
  }
  if (error instanceof SlipwayError) return failure(error);
  if (error instanceof InferenceHttpError) {
    const { code, data, body } = error;
    if (code !== null && isErrorCode(code)) return { code, dataJson: JSON.stringify(data ?? {}) };
    return failure(new SlipwayError("model/corrupt", { detail: body.slice(0, MAX_DETAIL_LENGTH) }));
  }
  return failure(new SlipwayError("internal", {}, { cause: error }));
}

function failure(error: SlipwayError): ModelFailure {
  return { code: error.code, dataJson: JSON.stringify(error.data) };
}

/** Whether a foreign server named a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
