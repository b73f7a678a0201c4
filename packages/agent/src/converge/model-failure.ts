import { ERROR_CODES, type ErrorCode, SlipwayError } from "@slipway/contracts";
import { InferenceHttpError } from "@slipway/inference";
import { DeadlineExceeded } from "../with-deadline.ts";
import type { ModelFailure } from "./held-model.ts";

/** The longest detail of a foreign server's answer that is passed on. */
const MAX_DETAIL_LENGTH = 500;

/**
 * What an error of a fetch or a load says about the model; null when it says nothing about it: the model server could not
 * be reached, so the load is to be tried again.
 */
export function modelFailureOf(error: unknown, startTimeoutMs: number): ModelFailure | null {
  if (error instanceof DeadlineExceeded) {
    return failure(new SlipwayError("model/load_timeout", { limit: `${startTimeoutMs / 1000} s` }));
  }
  if (error instanceof SlipwayError) return failure(error);
  if (error instanceof InferenceHttpError) {
    const { code, data, body } = error;
    if (code !== null && isErrorCode(code)) return { code, dataJson: JSON.stringify(data ?? {}) };
    return failure(new SlipwayError("model/corrupt", { detail: body.slice(0, MAX_DETAIL_LENGTH) }));
  }
  return null;
}

function failure(error: SlipwayError): ModelFailure {
  return { code: error.code, dataJson: JSON.stringify(error.data) };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
