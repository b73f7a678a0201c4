import { Readable } from "node:stream";
import { SlipwayError } from "@slipway/contracts";
import type { Clock } from "@slipway/service-kit";
import type { Dispatcher } from "undici";
import type { GatewayMetrics } from "../metrics.ts";
import type { CompiledTarget } from "../routes/compile-route.ts";
import type { RouteBook } from "../routes/route-book.ts";
import { pickTarget } from "./pick-target.ts";
import type { Upstream } from "./upstream.ts";

/** Replicas that are asked, at most, for one request. */
const MAX_ATTEMPTS = 3;
const MISDIRECTED = 421;
/** Tells the model server how many milliseconds its answer is still waited for. */
export const TIMEOUT_HEADER = "x-slipway-timeout-ms";

/** What is left of a request's time, in whole milliseconds; never nothing, for the request is sent. */
export function timeoutLeft(deadlineMs: number, nowMs: number): string {
  return String(Math.max(1, Math.ceil(deadlineMs - nowMs)));
}

export type UpstreamHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

export type UpstreamRequest = {
  routeKey: string;
  deployment: string;
  method: "GET" | "POST";
  pathOf(target: CompiledTarget): string;
  /** When nobody waits for the answer any more, on the monotonic clock. */
  deadlineMs: number;
  /** Only a target that serves this version; null = any. */
  version: string | null;
  /** Name, value, name, value, … */
  headers: string[];
  /** A buffer can be sent again; a stream only as long as nothing was read of it. */
  body: Buffer | (() => AsyncIterable<Buffer>) | null;
};

/** Takes the answer. After `onEnd` or `onFailure` nothing more comes. */
export interface Receiver {
  onHead(status: number, headers: UpstreamHeaders): void;
  /** False = no more until `resume` is called. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFailure(error: SlipwayError): void;
}

export type UpstreamCallDeps = { book: RouteBook; clock: Clock; metrics: GatewayMetrics };

/** Where the search for a target begins; moves on with every request, so that equals take turns. */
let rotation = 0;

/**
 * One request to whichever replica serves the deployment. It owns the retries: another replica is asked only when no
 * byte was sent to this one, or when this one said 421 (it does not hold the model and has not read the body).
 * Every attempt looks at the route table of that moment.
 */
export class UpstreamCall implements Dispatcher.DispatchHandler {
  readonly #deps: UpstreamCallDeps;
  readonly #request: UpstreamRequest;
  readonly #receiver: Receiver;
  readonly #tried: Upstream[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #target: CompiledTarget | null = null;
  #isSent = false;
  #isMisdirected = false;
  #isDone = false;

  constructor(deps: UpstreamCallDeps, request: UpstreamRequest, receiver: Receiver) {
    this.#deps = deps;
    this.#request = request;
    this.#receiver = receiver;
  }

  /** Sends the request; the receiver may be called before this returns. */
  attempt(): void {
    const { book, clock } = this.#deps;
    const { routeKey, deployment, version, body, deadlineMs, headers } = this.#request;
    const route = book.table?.get(routeKey);
    if (route === undefined) {
      this.#fail(new SlipwayError("gateway/no_replica", { deployment }));
      return;
    }
    if (!route.running) {
      this.#fail(new SlipwayError("gateway/stopped", { deployment }));
      return;
    }
    rotation = (rotation + 1) & 0xffff;
    const nowMs = clock.monotonicMs();
    const options = { tried: this.#tried, nowMs, start: rotation, version };
    const pick = pickTarget(route, options);
    if (pick.kind === "none") {
      this.#fail(new SlipwayError("gateway/no_replica", { deployment }));
      return;
    }
    if (pick.kind === "busy") {
      this.#fail(new SlipwayError("gateway/too_busy", { deployment, limit: route.inFlightPerReplica }));
      return;
    }
    const { target } = pick;
    this.#target = target;
    this.#isSent = false;
    this.#isMisdirected = false;
    book.ledger.begin(target.account);
    target.upstream.pool.dispatch(
      {
        path: this.#request.pathOf(target),
        method: this.#request.method,
        // What the platform says stands before what the caller says.
        headers: [TIMEOUT_HEADER, timeoutLeft(deadlineMs, nowMs), ...headers],
        body: typeof body === "function" ? Readable.from(body(), { objectMode: false }) : body,
      },
      this,
    );
  }

  /** The caller went away: nobody wants the answer. */
  abort(): void {
    this.#isDone = true;
    this.#controller?.abort(new Error("the client went away"));
  }

  /** The time is up. */
  expire(limitMs: number): void {
    if (this.#isDone) return;
    this.#fail(new SlipwayError("gateway/timeout", { limitMs }));
    this.#controller?.abort(new Error("the deadline passed"));
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isDone) {
      controller.abort(new Error("nobody waits for the answer"));
      return;
    }
    this.#isSent = true;
    this.#target?.upstream.markUp();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: UpstreamHeaders): void {
    if (this.#isDone || status < 200) return;
    if (status !== MISDIRECTED) {
      this.#receiver.onHead(status, headers);
      return;
    }
    if (typeof this.#request.body !== "function") {
      this.#isMisdirected = true;
      return;
    }
    this.#fail(new SlipwayError("gateway/no_replica", { deployment: this.#request.deployment }));
    controller.abort(new Error("the replica does not hold the model"));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isDone || this.#isMisdirected) return;
    if (!this.#receiver.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#leaveTarget();
    if (this.#isDone) return;
    if (this.#isMisdirected) {
      this.#attemptElsewhere();
      return;
    }
    this.#isDone = true;
    this.#receiver.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const target = this.#target;
    this.#leaveTarget();
    if (this.#isDone) return;
    if (this.#isMisdirected) {
      this.#attemptElsewhere();
      return;
    }
    if (error instanceof SlipwayError) {
      this.#fail(error);
      return;
    }
    const { deployment } = this.#request;
    if (this.#isSent) {
      this.#fail(new SlipwayError("gateway/upstream_lost", { deployment }, { cause: error }));
      return;
    }
    // A pool that is closed belongs to a table that is gone; only a refused dial says something about the address.
    if (target !== null && !target.upstream.pool.closed) target.upstream.markDown(this.#deps.clock.monotonicMs());
    this.#attemptElsewhere();
  }

  #attemptElsewhere(): void {
    if (this.#tried.length >= MAX_ATTEMPTS) {
      this.#fail(new SlipwayError("gateway/no_replica", { deployment: this.#request.deployment }));
      return;
    }
    this.#deps.metrics.retries += 1;
    this.attempt();
  }

  #leaveTarget(): void {
    const target = this.#target;
    if (target === null) return;
    this.#target = null;
    this.#controller = null;
    this.#tried.push(target.upstream);
    this.#deps.book.ledger.end(target.account);
  }

  #fail(error: SlipwayError): void {
    this.#isDone = true;
    this.#receiver.onFailure(error);
  }
}
