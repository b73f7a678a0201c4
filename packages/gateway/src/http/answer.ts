import type { IncomingMessage, ServerResponse } from "node:http";
import { toErrorBody } from "@slipway/contracts";
import type { Logger } from "@slipway/service-kit";

/**
 * Of a body that nobody wants, this much is read and thrown away, so that a client that sends first and reads later gets
 * its answer and keeps its connection; beyond it the connection is cut. The time is bounded by the request's timeout.
 */
const UNWANTED_BODY_BYTES = 32 * 1024 * 1024;
const RETRY_AFTER_SECONDS = "1";
const CHALLENGE = ['Bearer realm="slipway"', 'Basic realm="slipway", charset="UTF-8"'];

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown, requestId: string): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-request-id": requestId,
  });
  response.end(text);
}

/**
 * Answers with an error of the table; returns its status. Says when to come back where that helps. Of what went wrong
 * inside, the caller learns nothing but the request id, under which the log says all.
 */
export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { requestId, logger }: { requestId: string; logger: Logger },
): number {
  const { http, body } = toErrorBody(error, requestId);
  if (body.code === "internal") logger.error({ requestId, err: error }, "a request could not be served");
  if (http === 401) response.setHeader("www-authenticate", CHALLENGE);
  if (http === 429 || http === 503) response.setHeader("retry-after", RETRY_AFTER_SECONDS);
  discardBody(request);
  answerJson(response, http, body, requestId);
  return http;
}

/** Lets a client that is still sending read its answer, without reading for ever what it sends. */
function discardBody(request: IncomingMessage): void {
  if (request.readableEnded) return;
  let discarded = 0;
  request.removeAllListeners("data");
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > UNWANTED_BODY_BYTES) request.socket.destroy();
  });
  request.resume();
}
