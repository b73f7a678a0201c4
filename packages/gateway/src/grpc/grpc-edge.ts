import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { SlipwayError, type TokenMethod } from "@slipway/contracts";
import {
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from "@slipway/rpc/health";
import {
  ServerLiveResponseSchema,
  ServerMetadataResponseSchema,
  ServerReadyResponseSchema,
} from "@slipway/rpc/inference";
import { READY, type Readiness, type Service } from "@slipway/service-kit";
import type { RequestIds } from "../http/request-id.ts";
import { authoriseCall } from "../policies/authorise-call.ts";
import { readCredential, type TokenDigest } from "../policies/client-token.ts";
import type { RouteRecord } from "../record/call-records.ts";
import type { CompiledRoute } from "../routes/compile-route.ts";
import { answerStatus } from "./answer-status.ts";
import { checkMetadata, forwardedMetadata, one, routeKeyOf, timeoutMsOf } from "./call-metadata.ts";
import { COMPRESSION } from "./frame.ts";
import { GrpcCall, type GrpcCallDeps } from "./grpc-call.ts";
import { OwnCall } from "./own-call.ts";

const INFERENCE_SERVICE = "inference.GRPCInferenceService";
const SERVICE = `/${INFERENCE_SERVICE}/`;
/** The methods of a model, each with what the scope of a token must hold for it. */
const MODEL_METHODS: ReadonlyMap<string, TokenMethod | null> = new Map([
  ["ModelReady", null],
  ["ModelMetadata", "metadata"],
  ["ModelInfer", "infer"],
]);
const MAX_STREAMS = 256;
/** More than `checkMetadata` lets through, so that a caller with too many headers is told so. */
const MAX_HEADER_PAIRS = 512;

/** A call that has been taken in, and what it counts for. */
type Taken = { record: RouteRecord; readonly requestId: string; readonly startedMs: number };

export type GrpcEdgeConfig = {
  host: string;
  grpcPort: number;
  maxConnections: number;
  maxHeaderBytes: number;
  idleTimeoutMs: number;
  internalSecret: string;
};
export type GrpcEdgeDeps = GrpcCallDeps & {
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
      maxHeaderListPairs: MAX_HEADER_PAIRS,
    });
    this.#server.maxConnections = config.maxConnections;
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
      session.on("error", () => session.destroy());
      // Also what connects and never says anything ends so.
      session.setTimeout(config.idleTimeoutMs, () => session.close());
    });
    this.#server.on("stream", (stream, headers, _flags, raw) => this.#onStream(stream, headers, raw));
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

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): void {
    const { clock, records, requestIds, logger } = this.#deps;
    const startedMs = clock.monotonicMs();
    const requestId = requestIds(one(headers["x-request-id"]));
    const taken: Taken = { record: records.nowhere, requestId, startedMs };
    records.begin(taken.record);
    stream.on("error", () => stream.close());
    try {
      checkMetadata(raw, this.#config.maxHeaderBytes);
      const path = pathOf(headers);
      const method = path.startsWith(SERVICE) ? path.slice(SERVICE.length) : "";
      const scope = MODEL_METHODS.get(method);
      if (scope !== undefined) this.#passOn(stream, headers, { path, scope, taken });
      else {
        const answer = this.#ownAnswer(path, headers);
        new OwnCall(this.#deps, stream, { caller: addressOf(stream), requestId, startedMs, answer }).begin();
      }
    } catch (error) {
      const status = answerStatus(stream, error, { requestId, logger });
      records.end(taken.record, status, clock.monotonicMs() - startedMs);
    }
  }

  /** Hands a call of a model to whichever replica serves it. */
  #passOn(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    { path, scope, taken }: { path: string; scope: TokenMethod | null; taken: Taken },
  ): void {
    const { records, book } = this.#deps;
    const { requestId, startedMs } = taken;
    if (book.table === null) throw new SlipwayError("gateway/starting", {});
    const key = routeKeyOf(headers);
    const found = book.table.get(key);
    if (found !== undefined) {
      records.move(taken.record, found.record);
      taken.record = found.record;
    }
    const { route, client, credential } = this.#authorise(found, key, scope, one(headers.authorization));
    if ((one(headers["grpc-encoding"]) ?? "identity") !== "identity") {
      throw new SlipwayError("request/unimplemented", { what: COMPRESSION });
    }
    const timeoutMs = Math.min(route.timeoutMs, timeoutMsOf(headers) ?? route.timeoutMs);
    const metadata = {
      authorization: `Bearer ${this.#config.internalSecret}`,
      "x-slipway-served-name": route.deployment,
      "x-request-id": requestId,
      ...(client === null ? {} : { "x-slipway-client": client }),
      ...forwardedMetadata(headers),
    };
    const caller = client === null || credential === null ? addressOf(stream) : credential.hmac;
    new GrpcCall(this.#deps, stream, { route, caller, path, metadata, requestId, startedMs, timeoutMs }).begin();
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
    return { route, client, credential };
  }

  /** What answers a call that is for the gateway itself. @throws SlipwayError request/unimplemented */
  #ownAnswer(path: string, headers: IncomingHttpHeaders): (message: Buffer) => Uint8Array {
    switch (path) {
      case `${SERVICE}ServerLive`:
        return () => toBinary(ServerLiveResponseSchema, create(ServerLiveResponseSchema, { live: true }));
      case `${SERVICE}ServerReady`:
        return () => toBinary(ServerReadyResponseSchema, create(ServerReadyResponseSchema, this.#ready()));
      case `${SERVICE}ServerMetadata`: {
        const metadata = create(ServerMetadataResponseSchema, { name: "slipway", version: "2" });
        return () => toBinary(ServerMetadataResponseSchema, metadata);
      }
      case "/grpc.health.v1.Health/Check":
        return (message) => this.#checkHealth(message, one(headers.authorization));
      default:
        throw new SlipwayError("request/unimplemented", { what: unknownMethod(path) });
    }
  }

  #ready(): { ready: boolean } {
    return { ready: this.#deps.ready().ready };
  }

  /** gRPC's own health protocol: the gateway's readiness, or a deployment's to who may call it. */
  #checkHealth(message: Buffer, authorization: string | undefined): Uint8Array {
    const service = readService(message);
    const isServing =
      service === "" || service === INFERENCE_SERVICE
        ? this.#ready().ready
        : this.#isServed(this.#authorise(this.#deps.book.table?.get(service), service, null, authorization).route);
    const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
    const answer = create(HealthCheckResponseSchema, { status: isServing ? SERVING : NOT_SERVING });
    return toBinary(HealthCheckResponseSchema, answer);
  }

  #isServed({ running, targets }: CompiledRoute): boolean {
    return running && targets.length > 0;
  }
}

/** The method that is called, as a path. */
function pathOf(headers: IncomingHttpHeaders): string {
  const contentType = one(headers["content-type"]) ?? "";
  if (headers[":method"] !== "POST" || !contentType.startsWith("application/grpc")) {
    throw new SlipwayError("request/invalid", { problem: "This port takes gRPC calls only." });
  }
  return one(headers[":path"]) ?? "";
}

function unknownMethod(path: string): string {
  if (path.startsWith("/grpc.reflection.")) return "Reflection (the service is described by proto/inference/v2.proto)";
  return `Method ${path.slice(0, 200)}`;
}

function readService(message: Buffer): string {
  try {
    return fromBinary(HealthCheckRequestSchema, message).service;
  } catch (cause) {
    throw new SlipwayError("request/invalid", { problem: "The message is not a HealthCheckRequest." }, { cause });
  }
}

function addressOf(stream: ServerHttp2Stream): string {
  return stream.session?.socket.remoteAddress ?? "";
}
