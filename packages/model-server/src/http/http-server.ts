import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ERROR_CODES, SlipwayError, toErrorBody } from "@slipway/contracts";
import { type InferResponse, parseInferRequest, roughJsonBytes, writeInferResponse } from "@slipway/inference";
import { answerHealth, type Clock, type Logger, READY, type Readiness, type Service } from "@slipway/service-kit";
import type { BearerCheck } from "../bearer.ts";
import { ByteShare, type BytesInFlight } from "../codec/bytes-in-flight.ts";
import { type Codec, LARGE_BYTES } from "../codec/codec.ts";
import { type RunEnd, runEnd, TIMEOUT_HEADER } from "../execution/run-end.ts";
import {
  codeOf,
  findTarget,
  inferWith,
  isTensorError,
  REQUEST_ID_HEADER,
  readRequestId,
  readServedName,
  SERVED_NAME_HEADER,
} from "../infer.ts";
import type { ModelServerMetrics } from "../metrics.ts";
import type { ModelLog } from "../model-log.ts";
import { describeMetadata, describeSignature } from "../repository/describe-model.ts";
import type { HeldModel } from "../repository/held-model.ts";
import type { ModelRepository } from "../repository/model-repository.ts";
import { readLoadRequest, readUnloadVersion } from "../repository/read-load-request.ts";
import { newRequestId } from "../request-id.ts";
import { SERVER_EXTENSIONS, SERVER_NAME, SERVER_VERSION } from "../server-identity.ts";
import { answerEmpty, answerJson, answerPieces } from "./answer.ts";
import { parsePath, type Route } from "./parse-path.ts";
import { readBody } from "./read-body.ts";

/** Longer than any caller keeps an idle connection, so that this side never closes one that a request is on its way over. */
const KEEP_ALIVE_MS = 600_000;
/** How long a request may take to arrive, an oversized one that is read to its end and thrown away included. */
const REQUEST_MS = 300_000;
/** Above what a router takes of a caller and adds of its own, so that a request it lets through is never too large here. */
const MAX_HEADER_BYTES = 131_072;
/** How often a drain looks for connections that have become idle. */
const SWEEP_MS = 25;
/** The largest body of a repository call. */
const MAX_REPOSITORY_BODY_BYTES = 262_144;

export type HttpServerDeps = {
  repository: ModelRepository;
  metrics: ModelServerMetrics;
  logger: Logger;
  log: ModelLog;
  isAllowed: BearerCheck;
  codec: Codec;
  bytesInFlight: BytesInFlight;
  ready: () => Readiness;
  clock: Clock;
};
export type HttpServerOptions = { host: string; port: number; maxBodyBytes: number };

/** The REST form of the protocol, the repository API, health and metrics. */
export function createHttpServer(
  options: HttpServerOptions,
  deps: HttpServerDeps,
): Service & { address(): AddressInfo } {
  const { repository, metrics, logger, log, isAllowed, codec, bytesInFlight } = deps;
  const health = { registry: metrics.registry, ready: deps.ready };

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    try {
      dispatch(request, response);
    } catch (error) {
      fail(request, response, error);
    }
  }

  function dispatch(request: IncomingMessage, response: ServerResponse): void {
    request.url = originForm(request.url ?? "/");
    const path = pathOf(request.url);
    const route = parsePath(path);
    if (route === null) {
      if (!answerHealth(health, request, response)) {
        throw new SlipwayError("request/not_found", { path: path.slice(0, 200) });
      }
      return;
    }
    if (route.kind === "live") answerEmpty(response, 200);
    // The protocol calls "not ready" a 4xx.
    else if (route.kind === "ready") answerEmpty(response, deps.ready().ready ? 200 : 400);
    else {
      checkCall(request, methodOf(route));
      if (route.kind === "infer") infer(request, response, route);
      else answerOther(request, response, route).catch((error: unknown) => fail(request, response, error));
    }
  }

  function checkCall(request: IncomingMessage, allowed: "GET" | "POST"): void {
    if (!isAllowed(request.headers.authorization)) throw unauthorised(request);
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (method !== allowed) {
      throw new SlipwayError("request/method_not_allowed", { method: request.method ?? "", allowed });
    }
  }

  /** The hot path. */
  async function infer(
    request: IncomingMessage,
    response: ServerResponse,
    route: { name: string; version: string | undefined },
  ): Promise<void> {
    let model: HeldModel | undefined;
    try {
      const servedName = readServedName(request.headers[SERVED_NAME_HEADER]);
      const target = { name: route.name, version: route.version, servedName };
      const end = runEnd(request.headers[TIMEOUT_HEADER], () => response.destroyed);
      model = findTarget(repository, target);
      refuseOtherEncodings(request);
      const share = new ByteShare(bytesInFlight, response);
      const body = await readBody(request, options.maxBodyBytes, share);
      const asked = body.length < LARGE_BYTES ? parseInferRequest(body) : await codec.readJson(body, end);
      // Once more: it may have left while the body came in. From here to its run nothing waits.
      model = findTarget(repository, target);
      const id = readRequestId(request.headers[REQUEST_ID_HEADER]);
      const names = { modelName: servedName ?? model.name, id };
      const answer = await inferWith(model, asked, names, end);
      const roughBytes = roughJsonBytes(answer.outputs);
      if (roughBytes < LARGE_BYTES) {
        const text = writeInferResponse(answer);
        metrics.answered("rest", null);
        answerJson(response, 200, text, id);
      } else await answerLarge(response, answer, { roughBytes, share, end, id });
      log.answered(model, id);
    } catch (error) {
      if (!response.destroyed) metrics.answered("rest", codeOf(error));
      fail(request, response, error, model);
    }
  }

  /** Writes an answer beside the serving thread, and counts it until it is sent. */
  async function answerLarge(
    response: ServerResponse,
    answer: InferResponse,
    { roughBytes, share, end, id }: { roughBytes: number; share: ByteShare; end: RunEnd; id: string | undefined },
  ): Promise<void> {
    share.take(roughBytes);
    const pieces = await codec.writeJson(answer, roughBytes, end);
    if (response.destroyed) return;
    metrics.answered("rest", null);
    answerPieces(response, pieces, id);
  }

  async function answerOther(
    request: IncomingMessage,
    response: ServerResponse,
    route: Exclude<Route, null>,
  ): Promise<void> {
    const id = readRequestId(request.headers[REQUEST_ID_HEADER]);
    const answer = (value: unknown) => answerJson(response, 200, JSON.stringify(value), id);
    switch (route.kind) {
      case "server":
        return answer({ name: SERVER_NAME, version: SERVER_VERSION, extensions: SERVER_EXTENSIONS });
      case "metadata":
      case "modelReady": {
        const servedName = readServedName(request.headers[SERVED_NAME_HEADER]);
        const model = findTarget(repository, { name: route.name, version: route.version, servedName });
        if (route.kind === "modelReady") {
          if (model.fault !== null) throw model.fault;
          return answerEmpty(response, 200);
        }
        const versions = servedName === undefined ? repository.versionsOf(model.name) : null;
        return answer(describeMetadata(model, servedName ?? model.name, versions));
      }
      case "index": {
        const body = await readJson(request);
        const onlyReady = typeof body === "object" && body !== null && "ready" in body && body.ready === true;
        return answer(repository.index().filter((entry) => !onlyReady || entry.state === "READY"));
      }
      case "load":
        return answer(await load(route.name, await readJson(request), () => response.destroyed));
      case "unload":
        await repository.unload(route.name, readUnloadVersion(await readJson(request)));
        return answer({});
      case "live":
      case "ready":
      case "infer":
        throw new SlipwayError("request/not_found", { path: route.kind });
      default:
        return route satisfies never;
    }
  }

  async function load(name: string, body: unknown, isGone: () => boolean) {
    const request = readLoadRequest(name, body);
    try {
      const { view } = await repository.load(request, runEnd(undefined, isGone));
      metrics.loadEnded(null);
      return view;
    } catch (error) {
      metrics.loadEnded(codeOf(error));
      throw error;
    }
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown, model?: HeldModel): void {
    // A caller that went away gets no answer, and is no fault of ours.
    if (response.headersSent || response.destroyed) return;
    const requestId = readRequestId(request.headers[REQUEST_ID_HEADER]) ?? newRequestId();
    const { http, body } = toErrorBody(error, requestId);
    if (model !== undefined) log.failed(model, requestId, error);
    else if (ERROR_CODES[body.code].owner !== "caller" && body.code !== "model/not_loaded") {
      logger.warn({ requestId, err: error }, "request failed");
    }
    const signature = model !== undefined && isTensorError(error) ? describeSignature(model) : undefined;
    const text = JSON.stringify({ ...body, signature, data: repositoryData(request, error) });
    answerJson(response, http, text, requestId, headersOf(error));
  }

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, noDelay: true, maxHeaderSize: MAX_HEADER_BYTES },
    onRequest,
  );
  return listeningService(server, options, deps.clock);
}

/** What an error's sentence is made of, for the agent, which passes the error on. */
function repositoryData(request: IncomingMessage, error: unknown): unknown {
  const isRepositoryCall = request.url?.startsWith("/v2/repository/") === true;
  return isRepositoryCall && error instanceof SlipwayError ? error.data : undefined;
}

function methodOf(route: Exclude<Route, null>): "GET" | "POST" {
  return route.kind === "server" || route.kind === "metadata" || route.kind === "modelReady" ? "GET" : "POST";
}

function unauthorised(request: IncomingMessage): SlipwayError {
  return request.headers.authorization === undefined
    ? new SlipwayError("auth/missing", { scheme: "Bearer" })
    : new SlipwayError("auth/unknown", {});
}

/** Headers that the protocol wants beside an error. */
function headersOf(error: unknown): readonly string[] {
  if (!(error instanceof SlipwayError)) return [];
  switch (error.code) {
    case "request/method_not_allowed":
      return error.data.allowed === "GET" ? ["allow", "GET, HEAD"] : ["allow", error.data.allowed];
    case "request/content_encoding":
      return ["accept-encoding", "identity"];
    case "server/bodies_in_flight":
    case "model/too_busy":
      return ["retry-after", "1"];
    default:
      return [];
  }
}

/** A target that names this server as well (RFC 9112, 3.2.2) is the same without it. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const match = /^https?:\/\/[^/?#]*/i.exec(target);
  if (match === null) return target;
  const rest = target.slice(match[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** Compressed bodies and the binary-data extension are not spoken here. */
function refuseOtherEncodings(request: IncomingMessage): void {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new SlipwayError("request/content_encoding", { given: encoding.slice(0, 40) });
  }
  if (request.headers["inference-header-content-length"] !== undefined) {
    throw new SlipwayError("request/binary_tensors", {});
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MAX_REPOSITORY_BODY_BYTES);
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new SlipwayError("request/malformed_json", { detail: "it cannot be parsed" }, { cause: error });
  }
}

/** Makes a service of a server: stops taking connections, lets requests in flight finish, then cuts what is left. */
function listeningService(
  server: Server,
  listen: { host: string; port: number },
  clock: Clock,
): Service & { address(): AddressInfo } {
  return {
    name: "rest",
    start: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(listen.port, listen.host, () => resolve());
      }),
    async stop(deadline) {
      deadline.addEventListener("abort", () => server.closeAllConnections(), { once: true });
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A kept-alive connection becomes idle when its last request is answered, and would stay open for long.
      let cancel: () => void = () => undefined;
      const sweep = () => {
        server.closeIdleConnections();
        cancel = clock.after(SWEEP_MS, sweep);
      };
      sweep();
      await closed;
      cancel();
    },
    ready: () => READY,
    address() {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the REST server does not listen");
      return address;
    },
  };
}
