import type { ErrorCode, ErrorData } from "@slipway/contracts";
import type { Signature } from "@slipway/inference";
import type { Prediction } from "./read-prediction.ts";

export type AnswerContext = { form: Prediction["form"]; puid: string; deployment: string; version: string };

/** What there is to translate. */
export type TranslateJob =
  | { kind: "request"; body: Uint8Array; signature: Signature; requestId: string }
  | { kind: "answer"; body: Uint8Array; context: AnswerContext };

/** A body of the other protocol, with what an answer to a request needs to know of it. */
export type Translated = { text: string; form: Prediction["form"]; puid: string | null };

export type TranslateFailure = { code: ErrorCode; data: ErrorData<ErrorCode>; field: string | undefined };
export type TranslateMessage = { id: number; job: TranslateJob };
export type TranslateReply =
  | { id: number; translated: Translated }
  | { id: number; failure: TranslateFailure | null; detail: string };
