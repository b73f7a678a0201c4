import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { SlipwayError, toErrorBody } from "@slipway/contracts";

/** Node's own limit of a request's head, and how long one may take. */
export type BrokenRequestLimits = { maxHeaderBytes: number; requestTimeoutMs: number };

/**
 * Answers what could not be read as a request (bad syntax, too large or too slow headers) by an error of the table, and
 * closes the connection: where such a request ends is not known.
 */
export function answerBrokenRequest(
  error: Error,
  socket: Duplex,
  requestId: string,
  limits: BrokenRequestLimits,
): void {
  if (!socket.writable || socket.destroyed) {
    socket.destroy();
    return;
  }
  const { http, body } = toErrorBody(problemOf(error, limits), requestId);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${http} ${STATUS_CODES[http] ?? ""}`,
    "content-type: application/json; charset=utf-8",
    "x-content-type-options: nosniff",
    `content-length: ${Buffer.byteLength(text)}`,
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`, () => socket.destroy());
}

function problemOf(error: Error, limits: BrokenRequestLimits): SlipwayError {
  switch ("code" in error ? error.code : undefined) {
    case "HPE_HEADER_OVERFLOW":
      return new SlipwayError("request/headers_too_large", { limitBytes: limits.maxHeaderBytes });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new SlipwayError("request/timeout", { limitMs: limits.requestTimeoutMs });
    default:
      return new SlipwayError("request/invalid", { problem: "The bytes sent are not a valid HTTP/1.1 request." });
  }
}
