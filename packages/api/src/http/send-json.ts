import type { ServerResponse } from "node:http";
import type { ErrorBody } from "@slipway/contracts";
import { discardRest } from "./read-body.ts";

/** Answers with JSON that no cache keeps. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(text);
}

/** Answers with an error of the table; a 401 also says how to authenticate. After the first byte only the connection can tell. */
export function sendErrorBody(response: ServerResponse, http: number, body: ErrorBody): void {
  if (response.writableEnded) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, http, body, {
    "x-request-id": body.requestId,
    ...(http === 401 ? { "www-authenticate": 'Bearer realm="slipway"' } : {}),
    // What is left of a refused body is not worth reading.
    ...(http === 413 || http === 408 ? { connection: "close" } : {}),
  });
  discardRest(response.req);
}
