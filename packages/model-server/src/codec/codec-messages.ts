import { type ErrorCode, type ErrorData, SlipwayError } from "@slipway/contracts";
import type { GrpcInferRequest, InferRequest, InferResponse } from "@slipway/inference";
import type { PackedTensor } from "./packed-tensors.ts";

export type PackedRequest = Omit<InferRequest, "inputs"> & { readonly inputs: readonly PackedTensor[] };
export type PackedGrpcRequest = PackedRequest & Pick<GrpcInferRequest, "isRaw">;
export type PackedResponse = Omit<InferResponse, "outputs"> & { readonly outputs: readonly PackedTensor[] };

/** What the serving thread asks of a codec thread. `id` pairs an answer with its job. */
export type CodecJob =
  | { readonly kind: "read_json"; readonly body: Uint8Array }
  | { readonly kind: "write_json"; readonly response: PackedResponse; readonly limitBytes: number }
  | { readonly kind: "read_grpc"; readonly message: Uint8Array }
  | {
      readonly kind: "write_grpc";
      readonly response: PackedResponse;
      readonly form: "typed" | "raw";
      readonly limitBytes: number;
    };
export type CodecRequest = CodecJob & { readonly id: number };

export type CodecResult =
  | { readonly kind: "read"; readonly request: PackedRequest }
  | {
      readonly kind: "read_grpc";
      readonly modelName: string;
      readonly modelVersion: string;
      readonly request: PackedGrpcRequest;
    }
  | { readonly kind: "written"; readonly pieces: readonly Uint8Array[] };
export type CodecAnswer =
  | { readonly id: number; readonly result: CodecResult }
  | { readonly id: number; readonly failure: CodecFailure };

/** An error of the table on its way between threads, where classes are lost. */
export type CodecFailure = {
  readonly code: ErrorCode;
  readonly data: ErrorData<ErrorCode>;
  readonly field: string | undefined;
  /** For the log. */
  readonly message: string;
};

export function toFailure(error: unknown): CodecFailure {
  if (error instanceof SlipwayError) {
    const { code, data, field, message } = error;
    return { code, data, field, message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "internal", data: {}, field: undefined, message };
}

export function fromFailure({ code, data, field, message }: CodecFailure): SlipwayError {
  const cause = new Error(message);
  return new SlipwayError(code, data, field === undefined ? { cause } : { cause, field });
}
