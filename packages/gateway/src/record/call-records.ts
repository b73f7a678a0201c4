import { LATENCY_BUCKETS, latencyBucket } from "@slipway/contracts";
import type { GatewayMetrics, RouteCounts } from "../metrics.ts";
import { STATUS_SLOTS, StatusSlots } from "./status-slots.ts";

/** What one deployment did since it was last told of. A request adds to the arrays and makes nothing new. */
export type RouteRecord = {
  readonly deploymentUid: string;
  /** What the process's own metrics show of it. */
  readonly counts: RouteCounts;
  readonly byStatus: Uint32Array;
  readonly byLatency: Uint32Array;
  inFlight: number;
  maxInFlight: number;
  /** Stands in the list of what there is to tell. */
  isListed: boolean;
};

type TokenRecord = { lastUsedMs: number; calls: number };

/** What there is to tell of one deployment. */
export type TakenWindow = {
  deploymentUid: string;
  codes: Record<string, number>;
  latency: Record<number, number>;
  maxInFlight: number;
};
export type TakenUse = { hmac: string; lastUsedMs: number; calls: number };

/**
 * Counts calls by deployment, and uses of tokens, until somebody takes the counts away. What happens for each call is
 * additions to numbers in arrays that are there already.
 */
export class CallRecords {
  readonly #metrics: GatewayMetrics;
  readonly #slots = new StatusSlots();
  readonly #byUid = new Map<string, RouteRecord>();
  #listed: RouteRecord[] = [];
  readonly #tokens = new Map<string, TokenRecord>();
  /** Stands for deployments that do not exist; is never told. */
  readonly nowhere: RouteRecord;

  constructor(metrics: GatewayMetrics) {
    this.#metrics = metrics;
    this.nowhere = newRecord("", metrics.countsOf("", ""));
    this.nowhere.isListed = true;
  }

  /** The record of a deployment: the same object for as long as it has a route, so that no count is lost by a new table. */
  of(deploymentUid: string, group: string, deployment: string): RouteRecord {
    const known = this.#byUid.get(deploymentUid);
    if (known !== undefined) return known;
    const record = newRecord(deploymentUid, this.#metrics.countsOf(group, deployment));
    this.#byUid.set(deploymentUid, record);
    return record;
  }

  /** The deployment has no route any more. What is counted of it, and what it has in flight, is told all the same. */
  forget(record: RouteRecord): void {
    if (this.#byUid.get(record.deploymentUid) === record) this.#byUid.delete(record.deploymentUid);
  }

  /** A call has come in; one of `end` and `leave` must follow. */
  begin(record: RouteRecord): void {
    this.#metrics.inFlight += 1;
    this.#enter(record);
  }

  /** It has turned out which deployment a call is for. */
  move(from: RouteRecord, to: RouteRecord): void {
    from.inFlight -= 1;
    this.#enter(to);
  }

  /** A call is over; status 0 = the client went away before the answer. */
  end(record: RouteRecord, status: number, durationMs: number): void {
    this.leave(record);
    this.#metrics.record(record.counts, status, durationMs);
    const slot = this.#slots.slotOf(status);
    const bucket = latencyBucket(durationMs);
    record.byStatus[slot] = (record.byStatus[slot] ?? 0) + 1;
    record.byLatency[bucket] = (record.byLatency[bucket] ?? 0) + 1;
    this.#list(record);
  }

  /** A call is over and counts for nothing, because it was for the gateway itself. */
  leave(record: RouteRecord): void {
    this.#metrics.inFlight -= 1;
    record.inFlight -= 1;
  }

  /** A call was admitted with the token of this HMAC. */
  useToken(hmac: string, nowMs: number): void {
    const known = this.#tokens.get(hmac);
    if (known === undefined) this.#tokens.set(hmac, { lastUsedMs: nowMs, calls: 1 });
    else {
      known.lastUsedMs = nowMs;
      known.calls += 1;
    }
  }

  /** Takes away what was counted since the last time; what still has calls in flight is told of next time too. */
  take(): { windows: TakenWindow[]; uses: TakenUse[] } {
    const listed = this.#listed;
    this.#listed = [];
    const windows = listed.map((record) => this.#takeRecord(record));
    const uses: TakenUse[] = [];
    for (const [hmac, token] of this.#tokens) {
      // One that was not used since the last time makes room; so there are never more than are in use.
      if (token.calls === 0) this.#tokens.delete(hmac);
      else uses.push({ hmac, ...token });
      token.calls = 0;
    }
    return { windows, uses };
  }

  #takeRecord(record: RouteRecord): TakenWindow {
    const { deploymentUid, byStatus, byLatency, maxInFlight } = record;
    const codes: Record<string, number> = {};
    const latency: Record<number, number> = {};
    for (const [slot, count] of byStatus.entries()) if (count > 0) codes[this.#slots.nameOf(slot)] = count;
    for (const [bucket, count] of byLatency.entries()) if (count > 0) latency[bucket] = count;
    byStatus.fill(0);
    byLatency.fill(0);
    record.maxInFlight = record.inFlight;
    record.isListed = false;
    if (record.inFlight > 0) this.#list(record);
    return { deploymentUid, codes, latency, maxInFlight };
  }

  #enter(record: RouteRecord): void {
    record.inFlight += 1;
    if (record.inFlight > record.maxInFlight) record.maxInFlight = record.inFlight;
    this.#list(record);
  }

  #list(record: RouteRecord): void {
    if (record.isListed) return;
    record.isListed = true;
    this.#listed.push(record);
  }
}

function newRecord(deploymentUid: string, counts: RouteCounts): RouteRecord {
  return {
    deploymentUid,
    counts,
    byStatus: new Uint32Array(STATUS_SLOTS),
    byLatency: new Uint32Array(LATENCY_BUCKETS),
    inFlight: 0,
    maxInFlight: 0,
    isListed: false,
  };
}
