import type { IncomingMessage, ServerResponse } from "node:http";
import { findKind, SlipwayError } from "@slipway/contracts";
import {
  type ArtifactStore,
  AUTH_PATH,
  actorName,
  createAuth,
  createHousekeeping,
  createManifestDesk,
  createResourceWatch,
  type GatewayPort,
  type ManifestReader,
  type Random,
  type ResourceWatch,
  type SchedulerPort,
  type TokenContext,
} from "@slipway/domain";
import { type ByteLimits, type Clock, type DiskRoom, type Logger, type Service, service } from "@slipway/service-kit";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { authenticate } from "./http/authenticate.ts";
import { createBodyBudget } from "./http/body-budget.ts";
import { handleAuth } from "./http/handle-auth.ts";
import { handleSignIn, handleSignOut } from "./http/handle-sign-in.ts";
import { type BodyReader, createBodyReader, discardRest, readText, requireModestJson } from "./http/read-body.ts";
import { requestIdOf } from "./http/request-id.ts";
import { sendErrorBody, sendJson } from "./http/send-json.ts";
import { isArtifactPath, serveArtifact } from "./internal/serve-artifact.ts";
import { requireEscapes } from "./require-text.ts";
import { serveDocs } from "./rest/docs/serve-docs.ts";
import { ACTIVITY_EXPORT_PATH, exportActivity } from "./rest/export-activity.ts";
import { handleRest } from "./rest/handle-rest.ts";
import { describeApi } from "./rest/open-api.ts";
import { receiveUpload, uploadedModel } from "./rest/receive-upload.ts";
import { collectRoutes, decodeSegment } from "./rest/rest-routes.ts";
import { logsQuery, streamLogs } from "./rest/stream-logs.ts";
import { appRouter } from "./root.ts";
import { SearchTurns } from "./scheduler/search-turns.ts";
import { type CallContext, describeError, readQuery, requireActor, requireCaller, toTrpcError } from "./trpc.ts";

export type ApiDeps = {
  db: TokenContext["db"];
  clock: Clock;
  random: Random;
  logger: Logger;
  scheduler: SchedulerPort;
  gateway: GatewayPort;
  /** Where the registry keeps models. */
  artifacts: ArtifactStore;
  /** The disk that uploads and new revisions go to. */
  disk?: DiskRoom | undefined;
  /** Bearer of the platform's processes among each other. */
  internalSecret: string;
  /** The largest model that an upload takes. */
  modelMaxBytes: number;
  /** Folders that `file:` models may be read from. */
  modelRoots: readonly string[];
  /** Key of the HMAC of client tokens. */
  tokenKey: Buffer;
  /** Bearer of this platform's command line. */
  adminToken: string;
  /** Names the session's cookie, so that two platforms on one host do not sign each other out. */
  instanceId: string;
  /** How many bytes of bodies are held at once; `createBodyBudget` has the default. */
  bodyLimits?: ByteLimits;
  /** Where people reach the console; the base of sign-in links. A function, because the port may be chosen late. */
  publicUrl: () => string;
};

export type Api = Service & {
  /** Answers a request that is for the API; false when it is for somebody else. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Whether it is certain that nobody is signed in where a request comes from. Never throws. */
  isSignedOut(request: IncomingMessage): Promise<boolean>;
};

/** Calls that one request of tRPC may carry. */
const MAX_BATCH = 100;

const LOGS_PATH = /^\/api\/v1\/([^/]+)\/([^/]+)\/logs$/;

/** The API of a process: `/api/v1` (REST), `/api/trpc`, POST `/sign-in` and `/sign-out`, and for other processes `/internal`. */
export function createApi(deps: ApiDeps): Api {
  const { logger, instanceId } = deps;
  const auth = createAuth({
    ...{ db: deps.db, clock: deps.clock, random: deps.random, tokenKey: deps.tokenKey, instanceId },
    onError: (message) => logger.warn({ detail: message }, "signing in failed"),
  });
  const routes = collectRoutes(appRouter);
  const watch = createResourceWatch({
    db: deps.db,
    clock: deps.clock,
    random: Math.random,
    onError: (error) => logger.warn({ err: error }, "the change feed cannot be read; trying again"),
  });

  const housekeeping = createHousekeeping({
    db: deps.db,
    clock: deps.clock,
    onError: (error) => logger.warn({ err: error }, "old rows could not be removed; trying again later"),
  });

  const manifests = createManifestDesk({ clock: deps.clock });
  const bodies = createBodyReader({ clock: deps.clock, budget: createBodyBudget(deps.bodyLimits) });

  const searches = new SearchTurns();

  const contextOf = async (request: IncomingMessage, requestId: string): Promise<CallContext> => {
    const base = baseContext(deps, { watch, manifests }, requestId);
    const caller = await authenticate(request, { adminToken: deps.adminToken, auth });
    const { actor } = caller;
    const scheduler = actor === null ? base.scheduler : searches.portOf(actorName(actor), base.scheduler);
    return { ...base, ...caller, scheduler };
  };

  async function answer(request: IncomingMessage, response: ServerResponse, path: string, requestId: string) {
    requireEscapes(request.url ?? "/");
    if (isArtifactPath(path)) return serveArtifact(request, response, { ...deps, path, requestId });
    if (path === "/sign-in") return handleSignIn(request, response, { auth, bodies });
    if (path === "/sign-out") return handleSignOut(request, response, auth);
    if (path.startsWith(`${AUTH_PATH}/`)) return handleAuth(request, response, { auth, bodies });
    const describe = () => describeApi(appRouter, deps.publicUrl());
    if (path === "/api/v1/openapi.json") return sendJson(response, 200, describe());
    if (serveDocs(response, path, describe)) return;
    const context = await contextOf(request, requestId);
    if (path.startsWith("/api/trpc/")) {
      return nodeHTTPRequestHandler({
        router: appRouter,
        req: request,
        res: response,
        path: path.slice("/api/trpc/".length),
        createContext: async () => context,
        maxBatchSize: MAX_BATCH,
        // Runs before the body is taken up; what it throws is told as tRPC tells errors.
        middleware: (_request, _response, next) => {
          readTrpcBody(request, response, { ...context, bodies }).then(
            (body) => next(void Object.assign(request, { body })),
            (error: unknown) => {
              Object.assign(request, { body: "" });
              discardRest(request);
              next(error instanceof SlipwayError ? toTrpcError(error) : error);
            },
          );
        },
        onError: ({ error }) => {
          if (error.code === "INTERNAL_SERVER_ERROR") logger.error({ err: error, requestId }, "a call failed");
        },
      });
    }
    const uploaded = uploadedModel(request);
    if (uploaded !== null) return receiveUpload(request, response, context, uploaded);
    const logs = request.method === "GET" ? LOGS_PATH.exec(path) : null;
    if (logs !== null) return answerLogs(request, response, context, logs);
    if (request.method === "GET" && path === ACTIVITY_EXPORT_PATH) return exportActivity(request, response, context);
    return handleRest(appRouter, routes, request, response, { ...context, bodies });
  }

  return {
    ...service("api", [watch, housekeeping, manifests]),
    handle(request, response) {
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
      const isSignIn = request.method === "POST" && (path === "/sign-in" || path === "/sign-out");
      if (!isSignIn && !path.startsWith("/api/") && !isArtifactPath(path)) return false;
      const requestId = requestIdOf(request, () => deps.random.uuid());
      // No browser is to take an answer for a page, whatever stands in it.
      response.setHeader("x-content-type-options", "nosniff");
      answer(request, response, path, requestId).catch((error: unknown) => {
        const { http, body } = describeError(error, requestId);
        if (http >= 500) logger.error({ err: error, requestId, path }, "a request failed");
        sendErrorBody(response, http, body);
      });
      return true;
    },
    isSignedOut: (request) =>
      authenticate(request, { adminToken: deps.adminToken, auth }).then(
        ({ actor }) => actor === null,
        () => false,
      ),
  };
}

/** The body of a call that changes something, read only of who may send one; none for any other. */
async function readTrpcBody(
  request: IncomingMessage,
  response: ServerResponse,
  { bodies, ...context }: CallContext & { bodies: BodyReader },
): Promise<string | undefined> {
  if (request.method !== "POST") return undefined;
  const caller = requireCaller(context, "mutation");
  const text = readText(await bodies.read(request, response, { caller }));
  requireModestJson(text);
  return text;
}

function baseContext(deps: ApiDeps, shared: { watch: ResourceWatch; manifests: ManifestReader }, requestId: string) {
  const { db, clock, random, scheduler, gateway, tokenKey, artifacts, modelMaxBytes, modelRoots, disk } = deps;
  const ports = { db, clock, random, scheduler, gateway, tokenKey, artifacts, modelMaxBytes, modelRoots, disk };
  return { ...ports, ...shared, requestId, publicUrl: deps.publicUrl() };
}

async function answerLogs(
  request: IncomingMessage,
  response: ServerResponse,
  context: CallContext,
  [, kind = "", name = ""]: RegExpExecArray,
): Promise<void> {
  const actor = requireActor(context, "query");
  if (findKind(kind) === null) throw new SlipwayError("request/not_found", { path: `/api/v1/${kind}` });
  const input = readQuery(logsQuery, request, { kind, name: decodeSegment(name) });
  await streamLogs(response, { ...context, actor }, input);
}
