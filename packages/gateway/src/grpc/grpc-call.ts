import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { SlipwayError } from "@slipway/contracts";
import type { ByteBudget, ByteHolding, Clock, Logger } from "@slipway/service-kit";
import { REPLAYABLE_BYTES } from "../http/body-reader.ts";
import { refusedByReplica } from "../http/relay.ts";
import type { GatewayMetrics } from "../metrics.ts";
import type { CallRecords } from "../record/call-records.ts";
import type { CompiledRoute, CompiledTarget } from "../routes/compile-route.ts";
import type { RouteBook } from "../routes/route-book.ts";
import type { Deadlines, Timed } from "../traffic/deadlines.ts";
import { pickTarget } from "../traffic/pick-target.ts";
import type { Upstream } from "../traffic/upstream.ts";
import { TIMEOUT_HEADER, timeoutLeft } from "../traffic/upstream-call.ts";
import { answerStatus, httpStatusOf } from "./answer-status.ts";
import { one } from "./call-metadata.ts";
import { FrameCheck } from "./frame.ts";
import type { GrpcSession, GrpcSessions } from "./sessions.ts";

const MAX_ATTEMPTS = 3;
/** What a call counts for before it has sent a byte: the most that is kept for it beside its message. */
const CALL_BYTES = 16 * 1024;

export type GrpcCallDeps = {
  book: RouteBook;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  records: CallRecords;
  deadlines: Deadlines;
  bodies: ByteBudget;
  sessions: GrpcSessions;
};

export type GrpcCallRequest = {
  route: CompiledRoute;
  /** Whose share of the bytes in flight it takes. */
  caller: string;
  path: string;
  metadata: OutgoingHttpHeaders;
  requestId: string;
  startedMs: number;
  timeoutMs: number;
};

/**
 * Passes one unary call to a replica and its answer back. A message of up to 1 MiB is held until it is whole; a larger
 * one flows, and what was held of it is let go once the replica is reached. The same rules as over REST: another replica
 * only when the first could not be reached or does not hold the model; a replica that dies ends the call with
 * UNAVAILABLE, a late one with DEADLINE_EXCEEDED; a client that goes away cancels. However it ends, it holds nothing then.
 */
export class GrpcCall implements Timed {
  readonly deadlineMs: number;
  deadlineSlot = -1;
  readonly #deps: GrpcCallDeps;
  readonly #stream: ServerHttp2Stream;
  readonly #request: GrpcCallRequest;
  readonly #tried: Upstream[] = [];
  readonly #frame: FrameCheck;
  readonly #holding: ByteHolding;
  #upstream: ClientHttp2Stream | null = null;
  #session: GrpcSession | null = null;
  #target: CompiledTarget | null = null;
  #trailers: IncomingHttpHeaders | null = null;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** The whole message has come. */
  #isComplete = false;
  /** Bytes went on that are not held any more. */
  #isFlowing = false;
  #isEnded = false;

  constructor(deps: GrpcCallDeps, stream: ServerHttp2Stream, request: GrpcCallRequest) {
    this.#deps = deps;
    this.#stream = stream;
    this.#request = request;
    this.#frame = new FrameCheck(request.route.bodySizeBytes);
    this.#holding = deps.bodies.open(request.caller);
    this.deadlineMs = request.startedMs + request.timeoutMs;
  }

  begin(): void {
    this.#deps.deadlines.add(this);
    this.#stream.on("close", () => this.#onClose());
    try {
      this.#holding.take(CALL_BYTES);
      // Who cannot be served now is told so before the message is taken in.
      this.#pick();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#stream.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    this.#stream.on("end", () => this.#onEnd());
  }

  onDeadline(): void {
    const limitMs = this.#request.timeoutMs;
    this.#fail(new SlipwayError(this.#isComplete ? "gateway/timeout" : "request/timeout", { limitMs }));
  }

  #onChunk(chunk: Buffer): void {
    if (this.#isEnded) return;
    try {
      this.#frame.add(chunk);
      this.#holding.take(chunk.length);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#isFlowing) {
      this.#pass(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if ((this.#frame.announcedBytes ?? 0) <= REPLAYABLE_BYTES || this.#heldBytes < REPLAYABLE_BYTES) return;
    this.#stream.pause();
    this.#attempt();
  }

  #onEnd(): void {
    if (this.#isEnded) return;
    try {
      this.#frame.end();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isComplete = true;
    if (this.#isFlowing) this.#upstream?.end();
    else this.#attempt();
  }

  #pass(chunk: Buffer): void {
    const upstream = this.#upstream;
    if (upstream === null || upstream.destroyed || upstream.write(chunk)) return;
    this.#stream.pause();
    upstream.once("drain", () => this.#stream.resume());
  }

  #attempt(): void {
    if (this.#isEnded) return;
    try {
      this.#send(this.#pick());
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

  #send(target: CompiledTarget): void {
    const session = this.#deps.sessions.get(target.account.target.grpcAddress);
    const upstream = this.#open(session, target);
    this.#upstream = upstream;
    this.#session = session;
    this.#target = target;
    this.#deps.book.ledger.begin(target.account);
    upstream.on("response", (headers) => this.#onResponse(upstream, headers));
    upstream.on("trailers", (trailers) => this.#keepTrailers(trailers, upstream));
    upstream.on("error", () => undefined);
    upstream.on("close", () => this.#onUpstreamClosed(target, upstream, session));
    const [only] = this.#held;
    const held = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held);
    if (this.#isComplete) {
      upstream.end(held);
      return;
    }
    upstream.write(held);
    // Until the replica is reached, what is held can still go to another one.
    if (upstream.pending) upstream.once("ready", () => this.#flow(upstream));
    else this.#flow(upstream);
  }

  /** @throws SlipwayError request/invalid for metadata that HTTP/2 does not carry */
  #open({ http2 }: GrpcSession, target: CompiledTarget): ClientHttp2Stream {
    const { path, metadata } = this.#request;
    try {
      return http2.request({
        // What is served is said here, beside the message, where no caller writes.
        "x-slipway-model": target.modelUid,
        "x-slipway-version": target.version,
        [TIMEOUT_HEADER]: timeoutLeft(this.deadlineMs, this.#deps.clock.monotonicMs()),
        ...metadata,
        ":method": "POST",
        ":path": path,
        te: "trailers",
      });
    } catch (cause) {
      if (http2.destroyed || http2.closed) throw cause;
      throw new SlipwayError("request/invalid", { problem: "The call's metadata cannot be passed on." }, { cause });
    }
  }

  #flow(upstream: ClientHttp2Stream): void {
    if (this.#isEnded || this.#upstream !== upstream) return;
    this.#held = [];
    this.#isFlowing = true;
    this.#stream.resume();
  }

  #onResponse(upstream: ClientHttp2Stream, headers: IncomingHttpHeaders): void {
    if (this.#isEnded || this.#upstream !== upstream) return;
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
    upstream.on("end", () => {
      if (this.#trailers !== null) this.#onTrailers(this.#trailers);
    });
  }

  /** Trailers are told as soon as they come, which for a client that reads slowly is before the message has gone on. */
  #keepTrailers(received: IncomingHttpHeaders, upstream: ClientHttp2Stream): void {
    if (upstream.readableEnded || !this.#stream.headersSent) this.#onTrailers(received);
    else this.#trailers = received;
  }

  #onTrailers(received: IncomingHttpHeaders): void {
    if (this.#isEnded) return;
    const status = one(received["grpc-status"]);
    const code = one(received["slipway-code"]);
    if (code === "model/not_loaded" && !this.#stream.headersSent) {
      this.#leaveTarget();
      this.#attemptElsewhere();
      return;
    }
    // Nothing that the caller could mend, and nothing to show.
    if (code === "auth/missing" || code === "auth/unknown") {
      this.#fail(refusedByReplica(code));
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
      // What the client still sends is for nobody.
      if (!this.#isComplete) stream.close(constants.NGHTTP2_NO_ERROR);
    }
    this.#finish(httpStatusOf(status));
  }

  #onUpstreamClosed(target: CompiledTarget, upstream: ClientHttp2Stream, session: GrpcSession): void {
    if (this.#target !== target || this.#upstream !== upstream) return;
    this.#leaveTarget();
    if (this.#isEnded) return;
    const { deployment } = this.#request.route;
    const isUnreached = !session.isConnected;
    // A replica that refuses a stream says that it has not looked at it.
    if (!isUnreached && upstream.rstCode !== constants.NGHTTP2_REFUSED_STREAM) {
      this.#fail(new SlipwayError("gateway/upstream_lost", { deployment }));
      return;
    }
    if (isUnreached) target.upstream.markDown(this.#deps.clock.monotonicMs());
    this.#attemptElsewhere();
  }

  #attemptElsewhere(): void {
    if (this.#isFlowing) {
      this.#fail(new SlipwayError("gateway/no_replica", { deployment: this.#request.route.deployment }));
      return;
    }
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
    if (this.#isEnded) return;
    this.#cancel();
    this.#finish(0);
  }

  /** Nobody waits for the answer: the replica may stop at once. */
  #cancel(): void {
    const upstream = this.#upstream;
    if (upstream === null || upstream.closed) return;
    upstream.close(constants.NGHTTP2_CANCEL);
    this.#session?.noteCancelled();
  }

  #fail(error: unknown): void {
    if (this.#isEnded) return;
    const { requestId } = this.#request;
    this.#finish(answerStatus(this.#stream, error, { requestId, logger: this.#deps.logger }));
    this.#cancel();
  }

  #finish(status: number): void {
    const { deadlines, records, clock } = this.#deps;
    this.#isEnded = true;
    this.#held = [];
    this.#holding.release();
    deadlines.remove(this);
    records.end(this.#request.route.record, status, clock.monotonicMs() - this.#request.startedMs);
  }
}
