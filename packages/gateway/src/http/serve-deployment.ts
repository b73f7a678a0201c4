import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError, type TokenMethod } from "@slipway/contracts";
import { authoriseCall } from "../policies/authorise-call.ts";
import {
  ConnectionCredential,
  type Credential,
  consoleRecogniser,
  type TokenDigest,
} from "../policies/client-token.ts";
import type { RouteRecord } from "../record/call-records.ts";
import type { CompiledRoute, CompiledTarget } from "../routes/compile-route.ts";
import { answerError, answerJson } from "./answer.ts";
import { methodOf, type Operation, readOperation, scopeOf } from "./read-operation.ts";
import { Relay, type RelayDeps } from "./relay.ts";
import { type RequestHead, readHead, requireHost } from "./request-head.ts";
import type { RequestIds } from "./request-id.ts";
import { servePredictions } from "./seldon-v1/serve-predictions.ts";
import type { Translator } from "./seldon-v1/translator.ts";

/** Everything that is served for callers of a deployment begins with this: `/serve/<group>/<deployment>/…`. */
export const BASE_PREFIX = "/serve/";

export type ServeDeps = RelayDeps & {
  digest: TokenDigest;
  requestIds: RequestIds;
  translator: Translator;
  /** What the platform's processes know each other by. */
  internalSecret: string;
};

/** What is known of a call once its caller may make it. */
export type Admitted = {
  route: CompiledRoute;
  head: RequestHead;
  /** What goes on to the model server as name, value, name, …: what the platform says first, then what the caller sent. */
  headers: string[];
  /** The HMAC of the token that it was admitted with; null = none. */
  token: string | null;
  requestId: string;
  startedMs: number;
  isExpectingContinue: boolean;
};

const inferPathOf = (target: CompiledTarget) => target.inferPath;
const modelPathOf = (target: CompiledTarget) => target.modelPath;
const readyPathOf = (target: CompiledTarget) => `${target.modelPath}/ready`;

/**
 * Serves one call of a deployment. In this order: is it known who calls and may they, is the path one that exists, is
 * the deployment running; only then is anything read or sent. Nothing here waits but the relay to the replica.
 */
export class DeploymentServer {
  readonly #deps: ServeDeps;
  readonly #credentials = new WeakMap<object, ConnectionCredential>();
  readonly #authorization: string;
  readonly #isConsole: (credential: Credential | null) => boolean;

  constructor(deps: ServeDeps) {
    this.#deps = deps;
    this.#authorization = `Bearer ${deps.internalSecret}`;
    this.#isConsole = consoleRecogniser(deps.internalSecret, deps.digest);
  }

  serve(request: IncomingMessage, response: ServerResponse, path: string, isExpectingContinue: boolean): void {
    const { clock, records, requestIds } = this.#deps;
    const startedMs = clock.monotonicMs();
    let requestId = "";
    let record = records.nowhere;
    records.begin(record);
    try {
      const head = readHead(request.rawHeaders);
      requestId = requestIds(head.requestId);
      requireHost(request, head);
      const split = path.indexOf("/", path.indexOf("/", BASE_PREFIX.length) + 1);
      const key = split < 0 ? path.slice(BASE_PREFIX.length) : path.slice(BASE_PREFIX.length, split);
      const table = this.#deps.book.table;
      if (table === null) throw new SlipwayError("gateway/starting", {});
      const found = table.get(key);
      if (found !== undefined) {
        records.move(record, found.record);
        record = found.record;
      }
      const rest = split < 0 ? "/" : path.slice(split);
      const isInfer = rest === found?.inferPath && request.method === "POST";
      const operation = isInfer ? null : readOperation(rest);
      const method = isInfer ? "infer" : operation === null ? null : scopeOf(operation);
      const { route, client, token } = this.#authorise(request, head, { found, key, method });
      const own = [
        "authorization",
        this.#authorization,
        "x-slipway-served-name",
        route.deployment,
        "x-request-id",
        requestId,
      ];
      if (client !== null) own.push("x-slipway-client", client);
      const call = {
        route,
        head,
        token,
        headers: own.concat(head.forwarded),
        requestId,
        startedMs,
        isExpectingContinue,
      };
      if (isInfer) this.#relay(request, response, call, "POST", inferPathOf, null);
      else this.#perform(request, response, operation, call, rest);
    } catch (error) {
      const context = { requestId: requestId === "" ? requestIds(undefined) : requestId, logger: this.#deps.logger };
      const status = answerError(request, response, error, context);
      this.#count(record, status, startedMs);
    }
  }

  #authorise(
    request: IncomingMessage,
    head: RequestHead,
    { found, key, method }: { found: CompiledRoute | undefined; key: string; method: TokenMethod | null },
  ) {
    const { authorization } = head;
    const { book, clock, records } = this.#deps;
    const nowMs = clock.now();
    const credential = authorization === undefined ? null : this.#credentialOf(request, authorization);
    const deployment = found?.deployment ?? deploymentOf(key);
    const isConsole = this.#isConsole(credential);
    const client = authoriseCall(
      { route: found, deployment, authorization, credential, isConsole, method, nowMs },
      (hmac) => book.tokensOf(hmac),
    );
    if (found === undefined) throw new SlipwayError("gateway/no_endpoint", { deployment });
    if (client !== null && credential !== null && !isConsole) records.useToken(credential.hmac, nowMs);
    return { route: found, client, token: client === null || credential === null ? null : credential.hmac };
  }

  #credentialOf(request: IncomingMessage, authorization: string) {
    const known = this.#credentials.get(request.socket);
    const memory = known ?? new ConnectionCredential();
    if (known === undefined) this.#credentials.set(request.socket, memory);
    return memory.read(authorization, this.#deps.digest);
  }

  #perform(
    request: IncomingMessage,
    response: ServerResponse,
    operation: Operation | null,
    call: Admitted,
    rest: string,
  ): void {
    const { route } = call;
    if (operation === null) throw new SlipwayError("request/not_found", { path: rest.slice(0, 200) });
    const method = methodOf(operation);
    if (request.method !== method && !(request.method === "HEAD" && method === "GET")) {
      response.setHeader("allow", method === "GET" ? "GET, HEAD" : method);
      throw new SlipwayError("request/method_not_allowed", { method: request.method ?? "", allowed: method });
    }
    switch (operation.kind) {
      case "server_metadata":
        this.#answer(response, call, { name: "slipway", version: "2", extensions: [] });
        return;
      case "server_live":
        this.#answer(response, call, { live: true });
        return;
      case "server_ready":
        this.#requireRunning(route);
        if (route.targets.length === 0) throw new SlipwayError("gateway/no_replica", { deployment: route.deployment });
        this.#answer(response, call, { ready: true });
        return;
      case "predictions":
        this.#requireRunning(route);
        servePredictions(this.#deps, request, response, call);
        return;
      case "model":
        this.#callModel(request, response, call, operation);
        return;
      default:
        operation satisfies never;
    }
  }

  #callModel(
    request: IncomingMessage,
    response: ServerResponse,
    call: Admitted,
    operation: Extract<Operation, { kind: "model" }>,
  ): void {
    const { route } = call;
    const { action, model, version } = operation;
    if (model !== route.deployment) throw new SlipwayError("model/unknown", { model: model.slice(0, 200) });
    this.#requireRunning(route);
    if (version !== null && !route.targets.some((target) => target.version === version)) {
      throw new SlipwayError("model/unknown", { model: `${model}, version ${version.slice(0, 64)}` });
    }
    switch (action) {
      case "infer":
        this.#relay(request, response, call, "POST", inferPathOf, version);
        return;
      case "metadata":
        this.#relay(request, response, call, "GET", modelPathOf, version);
        return;
      case "ready":
        this.#relay(request, response, call, "GET", readyPathOf, version);
        return;
      default:
        action satisfies never;
    }
  }

  #relay(
    request: IncomingMessage,
    response: ServerResponse,
    call: Admitted,
    method: "GET" | "POST",
    pathOf: (target: CompiledTarget) => string,
    version: string | null,
  ): void {
    const { route, head, token, headers, requestId, startedMs, isExpectingContinue } = call;
    this.#requireRunning(route);
    new Relay(this.#deps, request, response, {
      route,
      token,
      requestId,
      startedMs,
      method,
      pathOf,
      version,
      headers,
      contentLength: head.contentLength,
      isExpectingContinue,
    }).begin();
  }

  #requireRunning(route: CompiledRoute): void {
    if (!route.running) throw new SlipwayError("gateway/stopped", { deployment: route.deployment });
  }

  #answer(response: ServerResponse, call: Admitted, body: unknown): void {
    answerJson(response, 200, body, call.requestId);
    this.#count(call.route.record, 200, call.startedMs);
  }

  #count(record: RouteRecord, status: number, startedMs: number): void {
    const { records, clock } = this.#deps;
    records.end(record, status, clock.monotonicMs() - startedMs);
  }
}

/** The deployment's name as the caller wrote it, short enough for an error. */
function deploymentOf(key: string): string {
  return key.slice(key.indexOf("/") + 1, key.indexOf("/") + 1 + 63);
}
