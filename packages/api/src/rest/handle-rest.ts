import type { IncomingMessage, ServerResponse } from "node:http";
import { type AnyRouter, callTRPCProcedure } from "@trpc/server";
import { type BodyReader, parseJsonObject } from "../http/read-body.ts";
import { sendErrorBody, sendJson } from "../http/send-json.ts";
import { type CallContext, describeError, requireCaller } from "../trpc.ts";
import { matchRoute, type RestRoute } from "./rest-routes.ts";

/**
 * Answers one request below `/api/v1` by the procedure that stands at its path: placeholders, query and JSON body
 * together are the procedure's input; what a path says, no body overrides. A body is read only of a caller who may send one.
 * Every error is answered; one that is not of the table is thrown again for the log.
 */
export async function handleRest(
  root: AnyRouter,
  routes: readonly RestRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  { bodies, ...context }: CallContext & { bodies: BodyReader },
): Promise<void> {
  const abort = new AbortController();
  response.once("close", () => abort.abort());
  try {
    const url = new URL(request.url ?? "/", "http://localhost");
    const { route, params } = matchRoute(routes, request.method ?? "GET", url.pathname.replace(/^\/api\/v1/, ""));
    const caller = requireCaller(context, route.method === "GET" ? "query" : "mutation");
    const read = () => bodies.read(request, response, { caller });
    const body = route.method === "GET" ? {} : parseJsonObject(await read());
    const input = { ...body, ...Object.fromEntries(url.searchParams), ...params };
    const result = await callTRPCProcedure({
      router: root,
      path: route.procedure,
      getRawInput: async () => input,
      ctx: context,
      type: route.method === "GET" ? "query" : "mutation",
      signal: abort.signal,
      batchIndex: 0,
    });
    sendJson(response, 200, result ?? {}, { "x-request-id": context.requestId });
  } catch (error) {
    const { http, body } = describeError(error, context.requestId);
    sendErrorBody(response, http, body);
    if (body.code === "internal") throw error;
  }
}
