import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ERROR_CODES, type ErrorCode, toErrorBody } from "@slipway/contracts";

/** The answer of a gRPC server to an error: status and public text from the table, the code as trailer `slipway-code`. */
export function toServiceError(error: unknown, requestId: string): ServiceError {
  const { body } = toErrorBody(error, requestId);
  const metadata = new Metadata();
  metadata.set("slipway-code", body.code);
  return Object.assign(new Error(body.error), {
    code: status[ERROR_CODES[body.code].grpc],
    details: body.error,
    metadata,
  });
}

/** The code that a server sent with an error; null when it is not one of ours. */
export function codeOfServiceError(error: ServiceError): ErrorCode | null {
  const [code] = error.metadata?.get("slipway-code") ?? [];
  if (typeof code !== "string") return null;
  return isErrorCode(code) ? code : null;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
