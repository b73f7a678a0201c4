import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { SlipwayError, toErrorBody } from "@slipway/contracts";

export type BrokenRequestLimits = { maxHeaderBytes: number; requestTimeoutMs: number };

/**
 * Answers what could not be read as a request (bad syntax, two lengths, too many or too slow headers) and closes the
 * connection: where such a request ends, and so where the next one begins, is not known.
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
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(text)}`,
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`, () => socket.destroy());
}

function problemOf(error: Error, limits: BrokenRequestLimits): SlipwayError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new SlipwayError("request/headers_too_large", { limitBytes: limits.maxHeaderBytes });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new SlipwayError("request/timeout", { limitMs: limits.requestTimeoutMs });
    default:
      return new SlipwayError("request/invalid", { problem: "The bytes sent are not a valid HTTP/1.1 request." });
  }
}
