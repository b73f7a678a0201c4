import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { SlipwayError, type TokenMethod } from "@slipway/contracts";
import {
  ServerLiveResponseSchema,
  ServerMetadataResponseSchema,
  ServerReadyResponseSchema,
} from "@slipway/rpc/inference";
import { type Logger, READY, type Readiness, type Service } from "@slipway/service-kit";
import type { RequestIds } from "../http/request-id.ts";
import { authoriseCall } from "../policies/authorise-call.ts";
import { readCredential, type TokenDigest } from "../policies/client-token.ts";
import type { CompiledRoute } from "../routes/compile-route.ts";
import { answerStatus } from "./answer-status.ts";
import { forwardedMetadata, one, routeKeyOf, timeoutMsOf } from "./call-metadata.ts";
import { frame } from "./frame.ts";
import { GrpcCall, type GrpcCallDeps } from "./grpc-call.ts";

const SERVICE = "/inference.GRPCInferenceService/";
/** The methods of a model, each with what the scope of a token must hold for it. */
const MODEL_METHODS: ReadonlyMap<string, TokenMethod | null> = new Map([
  ["ModelReady", null],
  ["ModelMetadata", "metadata"],
  ["ModelInfer", "infer"],
]);
const MAX_STREAMS = 256;

export type GrpcEdgeConfig = {
  host: string;
  grpcPort: number;
  maxConnections: number;
  maxHeaderBytes: number;
  idleTimeoutMs: number;
  internalSecret: string;
};
export type GrpcEdgeDeps = GrpcCallDeps & {
  logger: Logger;
  digest: TokenDigest;
  requestIds: RequestIds;
  ready: () => Readiness;
};

/**
 * The gRPC listener (HTTP/2 without TLS): the Open Inference service, with messages passed through unread. Which
 * deployment a call is for stands in its metadata. A stop lets calls in flight end, then closes.
 */
export class GrpcEdge implements Service {
  readonly name = "grpc-edge";
  readonly #config: GrpcEdgeConfig;
  readonly #deps: GrpcEdgeDeps;
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(config: GrpcEdgeConfig, deps: GrpcEdgeDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#server = createServer({
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: config.maxHeaderBytes, enablePush: false },
    });
    this.#server.maxConnections = config.maxConnections;
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
      session.on("error", () => session.destroy());
      // Also what connects and never says anything ends so.
      session.setTimeout(config.idleTimeoutMs, () => session.close());
    });
    this.#server.on("stream", (stream, headers) => this.#onStream(stream, headers));
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#config.grpcPort, this.#config.host, () => resolve());
    });
  }

  async stop(deadline: AbortSignal): Promise<void> {
    const cut = () => {
      for (const session of this.#sessions) session.destroy();
    };
    deadline.addEventListener("abort", cut, { once: true });
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    if (deadline.aborted) cut();
    await closed;
    deadline.removeEventListener("abort", cut);
    this.#deps.sessions.destroy();
  }

  ready(): Readiness {
    return READY;
  }

  /** The port in use, also where the configuration said "any". */
  address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the gRPC edge does not listen");
    return address;
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { clock, records, requestIds, logger, book } = this.#deps;
    const startedMs = clock.monotonicMs();
    const requestId = requestIds(one(headers["x-request-id"]));
    let record = records.nowhere;
    records.begin(record);
    stream.on("error", () => stream.close());
    try {
      const method = methodOf(headers);
      const scope = MODEL_METHODS.get(method);
      if (scope === undefined) {
        this.#answerForServer(stream, method, requestId);
        records.leave(record);
        return;
      }
      if (book.table === null) throw new SlipwayError("gateway/starting", {});
      const key = routeKeyOf(headers);
      const found = book.table.get(key);
      if (found !== undefined) {
        records.move(record, found.record);
        record = found.record;
      }
      const { route, client } = this.#authorise(found, key, scope, one(headers.authorization));
      const timeoutMs = Math.min(route.timeoutMs, timeoutMsOf(headers) ?? route.timeoutMs);
      const metadata: IncomingHttpHeaders = {
        ...forwardedMetadata(headers),
        authorization: `Bearer ${this.#config.internalSecret}`,
        "x-slipway-served-name": route.deployment,
        "x-request-id": requestId,
        ...(client === null ? {} : { "x-slipway-client": client }),
      };
      const path = `${SERVICE}${method}`;
      new GrpcCall(this.#deps, stream, { route, path, metadata, requestId, startedMs, timeoutMs }).begin();
    } catch (error) {
      if (!(error instanceof SlipwayError)) logger.error({ err: error }, "a call could not be served");
      records.end(record, answerStatus(stream, error, requestId), clock.monotonicMs() - startedMs);
    }
  }

  #authorise(
    route: CompiledRoute | undefined,
    key: string,
    method: TokenMethod | null,
    authorization: string | undefined,
  ) {
    const { book, clock, digest, records } = this.#deps;
    const nowMs = clock.now();
    const deployment = route?.deployment ?? key.slice(key.indexOf("/") + 1).slice(0, 63);
    const credential = authorization === undefined ? null : readCredential(authorization, digest);
    const call = { route, deployment, authorization, credential, isConsole: false, method, nowMs };
    const client = authoriseCall(call, (hmac) => book.tokensOf(hmac));
    if (route === undefined) throw new SlipwayError("gateway/no_endpoint", { deployment });
    if (client !== null && credential !== null) records.useToken(credential.hmac, nowMs);
    return { route, client };
  }

  #answerForServer(stream: ServerHttp2Stream, method: string, requestId: string): void {
    const message = this.#serverMessage(method);
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "x-request-id": requestId },
      { waitForTrailers: true },
    );
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.resume();
    stream.end(frame(message));
  }

  #serverMessage(method: string): Uint8Array {
    switch (method) {
      case "ServerLive":
        return toBinary(ServerLiveResponseSchema, create(ServerLiveResponseSchema, { live: true }));
      case "ServerReady": {
        const { ready } = this.#deps.ready();
        return toBinary(ServerReadyResponseSchema, create(ServerReadyResponseSchema, { ready }));
      }
      case "ServerMetadata": {
        const metadata = create(ServerMetadataResponseSchema, { name: "slipway", version: "2" });
        return toBinary(ServerMetadataResponseSchema, metadata);
      }
      default:
        throw new SlipwayError("request/method_not_allowed", { method, allowed: [...MODEL_METHODS.keys()].join(", ") });
    }
  }
}

/** The method of the service that is called. */
function methodOf(headers: IncomingHttpHeaders): string {
  const path = one(headers[":path"]) ?? "";
  const contentType = one(headers["content-type"]) ?? "";
  if (headers[":method"] !== "POST" || !contentType.startsWith("application/grpc")) {
    throw new SlipwayError("request/invalid", { problem: "This port takes gRPC calls only." });
  }
  if (!path.startsWith(SERVICE)) throw new SlipwayError("request/not_found", { path: path.slice(0, 200) });
  return path.slice(SERVICE.length);
}
