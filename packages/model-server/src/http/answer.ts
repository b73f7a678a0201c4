import type { ServerResponse } from "node:http";

const JSON_TYPE = "application/json";

/** Answers with JSON text and, if the caller sent one, its request id. */
export function answerJson(
  response: ServerResponse,
  status: number,
  text: string,
  requestId: string | undefined,
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(
    status,
    requestId === undefined
      ? ["content-type", JSON_TYPE, "content-length", length]
      : ["content-type", JSON_TYPE, "content-length", length, "x-request-id", requestId],
  );
  response.end(text);
}

/** Answers with a status alone, as the protocol's health calls do. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, ["content-length", 0]);
  response.end();
}
