import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import type { ByteBudget, ByteHolding, Logger } from "@slipway/service-kit";
import type { GatewayMetrics } from "../metrics.ts";
import type { CallRecords } from "../record/call-records.ts";
import type { CompiledRoute, CompiledTarget } from "../routes/compile-route.ts";
import type { Deadlines, Timed } from "../traffic/deadlines.ts";
import { type Receiver, UpstreamCall, type UpstreamCallDeps, type UpstreamHeaders } from "../traffic/upstream-call.ts";
import { answerError } from "./answer.ts";
import { BodyReader, type Holder } from "./body-reader.ts";
import { responseHeaders } from "./response-headers.ts";

/** An answer up to this size is held until it is whole, so that a replica that dies half-way gives a clear 502. */
const HOLD_BYTES = 64 * 1024;
/** Above this a copy costs more than a second write. */
const ONE_WRITE_BYTES = 8 * 1024;

export type RelayDeps = UpstreamCallDeps & {
  deadlines: Deadlines;
  metrics: GatewayMetrics;
  records: CallRecords;
  logger: Logger;
  bodies: ByteBudget;
};

export type RelayRequest = {
  route: CompiledRoute;
  /** Whose share of the bytes in flight it takes, where a token says so; null = the address's. */
  token: string | null;
  requestId: string;
  startedMs: number;
  method: "GET" | "POST";
  pathOf(target: CompiledTarget): string;
  version: string | null;
  headers: string[];
  contentLength: number;
  isExpectingContinue: boolean;
};

/** Whose bytes in flight a request's are: its token's or, without one, its address's. */
export function callerOf(request: IncomingMessage, token: string | null): string {
  return token ?? request.socket.remoteAddress ?? "";
}

/** The replica refuses the gateway itself: nothing that the caller could mend. */
export function refusedByReplica(status: number | string): SlipwayError {
  return new SlipwayError("internal", {}, { cause: new Error(`the model server refused the gateway with ${status}`) });
}

/**
 * Passes one request to a replica and its answer back, neither of them parsed. Ends in exactly one of: the replica's
 * answer, an error of the table, or a cut connection when the answer had begun and cannot be completed.
 */
export class Relay implements Receiver, Timed, Holder {
  readonly deadlineMs: number;
  deadlineSlot = -1;
  readonly #deps: RelayDeps;
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #request: RelayRequest;
  #reader: BodyReader | null = null;
  #call: UpstreamCall | null = null;
  #status = 0;
  #headers: string[] = [];
  #held: Buffer[] = [];
  #heldBytes = 0;
  #holding: ByteHolding | null = null;
  #isStreaming = false;
  #isEnded = false;

  constructor(deps: RelayDeps, incoming: IncomingMessage, response: ServerResponse, request: RelayRequest) {
    this.#deps = deps;
    this.#incoming = incoming;
    this.#response = response;
    this.#request = request;
    this.deadlineMs = request.startedMs + request.route.timeoutMs;
  }

  begin(): void {
    const { method, route, contentLength, isExpectingContinue } = this.#request;
    this.#response.on("close", () => this.#onClose());
    this.#deps.deadlines.add(this);
    if (method === "GET") {
      this.#send(null);
      return;
    }
    this.#reader = new BodyReader(this.#incoming, {
      holder: this,
      limitBytes: route.bodySizeBytes,
      contentLength,
      welcome: isExpectingContinue ? () => this.#response.writeContinue() : undefined,
    });
    this.#reader.read(
      (body) => this.#send(body),
      (error) => this.onFailure(error),
    );
  }

  hold(bytes: number): void {
    this.#holding ??= this.#deps.bodies.open(callerOf(this.#incoming, this.#request.token));
    this.#holding.take(bytes);
  }

  onDeadline(): void {
    const { timeoutMs } = this.#request.route;
    if (this.#reader?.isComplete === false && this.#call === null) {
      this.onFailure(new SlipwayError("request/timeout", { limitMs: timeoutMs }));
    } else this.#call?.expire(timeoutMs);
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    // The replica refuses the gateway itself: nothing that the caller could mend, and nothing to show.
    if (status === 401 || status === 403) {
      this.#call?.abort();
      this.onFailure(refusedByReplica(status));
      return;
    }
    this.#status = status;
    this.#headers = responseHeaders(headers, this.#request.requestId);
  }

  onData(chunk: Buffer): boolean {
    if (this.#isEnded) return true;
    if (this.#isStreaming) return this.#write(chunk);
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes <= HOLD_BYTES) return true;
    this.#isStreaming = true;
    this.#response.writeHead(this.#status, this.#headers);
    const held = Buffer.concat(this.#held);
    this.#held = [];
    return this.#write(held);
  }

  onEnd(): void {
    if (this.#isEnded) return;
    const response = this.#response;
    if (this.#isStreaming) response.end();
    else {
      const [only] = this.#held;
      const body = this.#held.length === 1 ? only : Buffer.concat(this.#held);
      this.#headers.push("content-length", String(this.#heldBytes));
      response.writeHead(this.#status, this.#headers);
      // As text, byte for byte, a short body goes out in one write with its head; as a buffer it would be two.
      if (body !== undefined && body.length <= ONE_WRITE_BYTES) response.end(body.toString("latin1"), "latin1");
      else response.end(body);
    }
    this.#finish(this.#status);
  }

  onFailure(error: unknown): void {
    if (this.#isEnded) return;
    if (this.#response.headersSent && this.#status !== 0 && this.#isStreaming) {
      // The status is out already; only a cut connection can still say that the answer is not whole.
      this.#response.destroy();
      this.#finish(error instanceof SlipwayError ? error.http : 500);
      return;
    }
    const context = { requestId: this.#request.requestId, logger: this.#deps.logger };
    this.#finish(answerError(this.#incoming, this.#response, error, context));
  }

  #send(body: Buffer | (() => AsyncIterable<Buffer>) | null): void {
    if (this.#isEnded) return;
    const { route, method, pathOf, version, headers, contentLength } = this.#request;
    if (typeof body === "function" && contentLength >= 0) headers.unshift("content-length", String(contentLength));
    this.#call = new UpstreamCall(
      this.#deps,
      {
        routeKey: route.key,
        deployment: route.deployment,
        deadlineMs: this.deadlineMs,
        method,
        pathOf,
        version,
        headers,
        body,
      },
      this,
    );
    this.#call.attempt();
  }

  #write(chunk: Buffer): boolean {
    if (this.#response.write(chunk)) return true;
    this.#response.once("drain", () => this.#call?.resume());
    return false;
  }

  #onClose(): void {
    if (this.#isEnded) return;
    this.#call?.abort();
    this.#finish(0);
  }

  #finish(status: number): void {
    this.#isEnded = true;
    this.#holding?.release();
    this.#deps.deadlines.remove(this);
    const { records, clock } = this.#deps;
    records.end(this.#request.route.record, status, clock.monotonicMs() - this.#request.startedMs);
  }
}
