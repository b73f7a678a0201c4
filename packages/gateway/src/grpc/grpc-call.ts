import type { ClientHttp2Stream, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { SlipwayError } from "@slipway/contracts";
import type { Clock } from "@slipway/service-kit";
import type { GatewayMetrics } from "../metrics.ts";
import type { CallRecords } from "../record/call-records.ts";
import type { CompiledRoute, CompiledTarget } from "../routes/compile-route.ts";
import type { RouteBook } from "../routes/route-book.ts";
import type { Deadlines, Timed } from "../traffic/deadlines.ts";
import { pickTarget } from "../traffic/pick-target.ts";
import type { Upstream } from "../traffic/upstream.ts";
import { answerStatus, httpStatusOf } from "./answer-status.ts";
import { one } from "./call-metadata.ts";
import { checkFrame } from "./frame.ts";
import type { GrpcSessions } from "./sessions.ts";

const MAX_ATTEMPTS = 3;

export type GrpcCallDeps = {
  book: RouteBook;
  clock: Clock;
  metrics: GatewayMetrics;
  records: CallRecords;
  deadlines: Deadlines;
  sessions: GrpcSessions;
};

export type GrpcCallRequest = {
  route: CompiledRoute;
  path: string;
  metadata: IncomingHttpHeaders;
  requestId: string;
  startedMs: number;
  timeoutMs: number;
};

/**
 * Passes one unary call to a replica and its answer back. The same rules as over REST: another replica only when the
 * first could not be reached or does not hold the model; a replica that dies ends the call with UNAVAILABLE, a late one
 * with DEADLINE_EXCEEDED; a client that goes away cancels.
 */
export class GrpcCall implements Timed {
  readonly deadlineMs: number;
  deadlineSlot = -1;
  readonly #deps: GrpcCallDeps;
  readonly #stream: ServerHttp2Stream;
  readonly #request: GrpcCallRequest;
  readonly #tried: Upstream[] = [];
  #upstream: ClientHttp2Stream | null = null;
  #target: CompiledTarget | null = null;
  #body: Buffer = Buffer.alloc(0);
  #isEnded = false;

  constructor(deps: GrpcCallDeps, stream: ServerHttp2Stream, request: GrpcCallRequest) {
    this.#deps = deps;
    this.#stream = stream;
    this.#request = request;
    this.deadlineMs = request.startedMs + request.timeoutMs;
  }

  begin(): void {
    const chunks: Buffer[] = [];
    const limitBytes = this.#request.route.bodySizeBytes;
    let bytes = 0;
    this.#deps.deadlines.add(this);
    this.#stream.on("close", () => this.#onClose());
    this.#stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) this.#fail(new SlipwayError("request/too_large", { limitBytes }));
      else chunks.push(chunk);
    });
    this.#stream.on("end", () => {
      this.#body = Buffer.concat(chunks);
      this.#attempt();
    });
  }

  onDeadline(): void {
    this.#fail(new SlipwayError("gateway/timeout", { limitMs: this.#request.timeoutMs }));
  }

  #attempt(): void {
    if (this.#isEnded) return;
    try {
      checkFrame(this.#body);
      this.#send(this.#pick(), this.#body);
    } catch (error) {
      this.#fail(error);
    }
  }

  #pick(): CompiledTarget {
    const { book, clock } = this.#deps;
    const { route: admitted } = this.#request;
    const { deployment } = admitted;
    const route = book.table?.get(admitted.key);
    if (route === undefined) throw new SlipwayError("gateway/no_replica", { deployment });
    if (!route.running) throw new SlipwayError("gateway/stopped", { deployment });
    const pick = pickTarget(route, { tried: this.#tried, nowMs: clock.monotonicMs(), start: 0, version: null });
    if (pick.kind === "busy")
      throw new SlipwayError("gateway/too_busy", { deployment, limit: route.inFlightPerReplica });
    if (pick.kind === "none" || this.#tried.length >= MAX_ATTEMPTS) {
      throw new SlipwayError("gateway/no_replica", { deployment });
    }
    return pick.target;
  }

  #send(target: CompiledTarget, body: Buffer): void {
    const { path, metadata } = this.#request;
    const session = this.#deps.sessions.get(target.account.target.grpcAddress);
    // What is served is said here, beside the message, where no caller writes.
    const upstream = session.http2.request({
      ...metadata,
      "x-slipway-model": target.modelUid,
      "x-slipway-version": target.version,
      ":method": "POST",
      ":path": path,
      te: "trailers",
    });
    this.#upstream = upstream;
    this.#target = target;
    this.#deps.book.ledger.begin(target.account);
    upstream.on("response", (headers) => this.#onResponse(upstream, headers));
    upstream.on("trailers", (trailers) => this.#onTrailers(trailers));
    upstream.on("error", () => undefined);
    upstream.on("close", () => this.#onUpstreamClosed(target, !session.isConnected));
    upstream.end(body);
  }

  #onResponse(upstream: ClientHttp2Stream, headers: IncomingHttpHeaders): void {
    if (this.#isEnded) return;
    const status = one(headers["grpc-status"]);
    // Only trailers: nothing was answered yet, so an error that names another replica may still be followed.
    if (status !== undefined) {
      this.#onTrailers(headers);
      return;
    }
    const contentType = one(headers["content-type"]) ?? "application/grpc";
    this.#stream.respond(
      { ":status": 200, "content-type": contentType, "x-request-id": this.#request.requestId },
      { waitForTrailers: true },
    );
    upstream.on("data", (chunk: Buffer) => {
      if (this.#isEnded || this.#stream.write(chunk)) return;
      upstream.pause();
      this.#stream.once("drain", () => upstream.resume());
    });
  }

  #onTrailers(received: IncomingHttpHeaders): void {
    if (this.#isEnded) return;
    const status = one(received["grpc-status"]);
    const code = one(received["slipway-code"]);
    if (code === "model/not_loaded" && !this.#stream.headersSent) {
      this.#leaveTarget();
      this.#deps.metrics.retries += 1;
      this.#attempt();
      return;
    }
    // The replica refuses the gateway itself: nothing that the caller could mend, and nothing to show.
    if (code === "auth/missing" || code === "auth/unknown") {
      this.#fail(new SlipwayError("internal", {}));
      return;
    }
    const trailers = Object.fromEntries(
      Object.entries(received).filter(([name]) => name.startsWith("grpc-") || name === "slipway-code"),
    );
    const stream = this.#stream;
    if (stream.headersSent) {
      stream.once("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end();
    } else {
      const { requestId } = this.#request;
      const head = { ":status": 200, "content-type": "application/grpc", "x-request-id": requestId };
      stream.respond({ ...head, ...trailers }, { endStream: true });
    }
    this.#finish(httpStatusOf(status));
  }

  #onUpstreamClosed(target: CompiledTarget, isUnreached: boolean): void {
    if (this.#target !== target) return;
    this.#leaveTarget();
    if (this.#isEnded) return;
    const { deployment } = this.#request.route;
    if (!isUnreached) {
      this.#fail(new SlipwayError("gateway/upstream_lost", { deployment }));
      return;
    }
    target.upstream.markDown(this.#deps.clock.monotonicMs());
    this.#deps.metrics.retries += 1;
    this.#attempt();
  }

  #leaveTarget(): void {
    const target = this.#target;
    if (target === null) return;
    this.#target = null;
    this.#tried.push(target.upstream);
    this.#deps.book.ledger.end(target.account);
  }

  #onClose(): void {
    this.#upstream?.close(constants.NGHTTP2_CANCEL);
    if (!this.#isEnded) this.#finish(0);
  }

  #fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#finish(answerStatus(this.#stream, error, this.#request.requestId));
    this.#upstream?.close(constants.NGHTTP2_CANCEL);
  }

  #finish(status: number): void {
    const { deadlines, records, clock } = this.#deps;
    this.#isEnded = true;
    deadlines.remove(this);
    records.end(this.#request.route.record, status, clock.monotonicMs() - this.#request.startedMs);
  }
}
