import type { IncomingMessage, ServerResponse } from "node:http";
import { uploadVersion, uploadVersionInput } from "@slipway/domain";
import * as z from "zod";
import { sendErrorBody, sendJson } from "../http/send-json.ts";
import { groupInput } from "../routers/inputs.ts";
import { type CallContext, describeError, readQuery, requireActor } from "../trpc.ts";
import { decodeSegment } from "./rest-routes.ts";

const UPLOAD_PATH = /^\/api\/v1\/registry\/models\/([^/]+)\/versions$/;
/** How long an upload may stand still before it has arrived. */
const IDLE_MS = 60_000;

const uploadQuery = uploadVersionInput.extend({ group: groupInput });

/** Whether a request brings a model, which may take longer than any other. */
export function isUpload(request: IncomingMessage): boolean {
  return uploadedModel(request) !== null;
}

/** The model that a request uploads a version of; null for any other request. */
export function uploadedModel(request: IncomingMessage): string | null {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  return request.method === "PUT" ? (UPLOAD_PATH.exec(path)?.[1] ?? null) : null;
}

/**
 * Takes a model file as it comes, raw, no faster than it can be stored, and answers with the version that it became.
 * A sender that leaves in the middle leaves nothing behind.
 */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  context: CallContext,
  model: string,
): Promise<void> {
  const abort = new AbortController();
  request.once("aborted", () => abort.abort());
  endWhenIdle(request);
  try {
    const actor = requireActor(context, "mutation");
    const input = readQuery(uploadQuery, request, { model: decodeSegment(model) });
    const source = { bytes: request, expectedBytes: announcedBytes(request), signal: abort.signal };
    const version = await uploadVersion({ ...context, actor }, input, source);
    sendJson(response, 200, version, { "x-request-id": context.requestId });
  } catch (error) {
    // Who has left needs no answer.
    if (abort.signal.aborted) return;
    refuse(request, response, context, error);
    if (describeError(error, context.requestId).http >= 500) throw error;
  }
}

/**
 * Ends an upload that stands still. Once it has arrived its sender has nothing more to say, and waits as long as it takes to
 * store it.
 */
export function endWhenIdle(request: IncomingMessage): void {
  request.setTimeout(IDLE_MS, () => request.destroy());
  request.once("end", () => request.setTimeout(0));
}

function announcedBytes(request: IncomingMessage): number | undefined {
  const announced = z.coerce.number().int().min(0).safeParse(request.headers["content-length"]);
  return request.headers["content-length"] === undefined || !announced.success ? undefined : announced.data;
}

/** Answers at once and ends the connection; what is left of the upload is looked at no more than a moment. */
function refuse(request: IncomingMessage, response: ServerResponse, { requestId }: CallContext, error: unknown): void {
  const { http, body } = describeError(error, requestId);
  if (!request.complete && !response.headersSent) response.setHeader("connection", "close");
  sendErrorBody(response, http, body);
}
