import type { ServerResponse } from "node:http";

const JSON_TYPE = "application/json";

/** Answers with JSON text and, if the caller sent one, its request id. */
export function answerJson(
  response: ServerResponse,
  status: number,
  text: string,
  requestId: string | undefined,
  more: readonly string[] = [],
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(
    status,
    requestId === undefined
      ? ["content-type", JSON_TYPE, "content-length", length, ...more]
      : ["content-type", JSON_TYPE, "content-length", length, "x-request-id", requestId, ...more],
  );
  response.end(text);
}

/** Answers with JSON that was written in pieces. */
export function answerPieces(
  response: ServerResponse,
  pieces: readonly Uint8Array[],
  requestId: string | undefined,
): void {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const requestIdHeader = requestId === undefined ? [] : ["x-request-id", requestId];
  response.writeHead(200, ["content-type", JSON_TYPE, "content-length", length, ...requestIdHeader]);
  for (const piece of pieces) response.write(piece);
  response.end();
}

/** Answers with a status alone, as the protocol's health calls do. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, ["content-length", 0]);
  response.end();
}
