import { constants, type ServerHttp2Stream } from "node:http2";
import { status as grpcStatus } from "@grpc/grpc-js";
import { ERROR_CODES, type GrpcStatus, toErrorBody } from "@slipway/contracts";
import type { Logger } from "@slipway/service-kit";

/**
 * Ends a call with an error of the table; returns the HTTP status that stands for it in the metrics. Of what went wrong
 * inside, the caller learns nothing but the request id, under which the log says all.
 */
export function answerStatus(
  stream: ServerHttp2Stream,
  error: unknown,
  { requestId, logger }: { requestId: string; logger: Logger },
): number {
  const { http, body } = toErrorBody(error, requestId);
  if (body.code === "internal") logger.error({ requestId, err: error }, "a call could not be served");
  const trailers = {
    "grpc-status": String(statusNumber(ERROR_CODES[body.code].grpc)),
    "grpc-message": encodeURIComponent(body.error),
    "slipway-code": body.code,
    "x-request-id": requestId,
    // A client that compresses learns what it may send instead.
    ...(body.code === "request/unimplemented" ? { "grpc-accept-encoding": "identity" } : {}),
  };
  if (stream.destroyed || stream.closed) return http;
  if (stream.headersSent) {
    stream.once("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end();
  } else {
    stream.respond({ ":status": 200, "content-type": "application/grpc", ...trailers }, { endStream: true });
    // What the client still sends is for nobody.
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  }
  return http;
}

/** The class of HTTP status that a replica's gRPC status stands for in the metrics. */
export function httpStatusOf(status: string | undefined): number {
  switch (Number(status)) {
    case grpcStatus.OK:
      return 200;
    case grpcStatus.CANCELLED:
    case grpcStatus.INVALID_ARGUMENT:
    case grpcStatus.NOT_FOUND:
    case grpcStatus.ALREADY_EXISTS:
    case grpcStatus.PERMISSION_DENIED:
    case grpcStatus.RESOURCE_EXHAUSTED:
    case grpcStatus.FAILED_PRECONDITION:
    case grpcStatus.OUT_OF_RANGE:
    case grpcStatus.UNAUTHENTICATED:
      return 400;
    default:
      return 500;
  }
}

function statusNumber(name: GrpcStatus): number {
  return grpcStatus[name];
}
