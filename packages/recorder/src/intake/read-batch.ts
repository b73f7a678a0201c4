import { LATENCY_BUCKETS, SlipwayError } from "@slipway/contracts";
import type { DeploymentWindow, RecordBatch, TokenUse } from "@slipway/rpc/control/recorder";
import type { Increment } from "../rollups/add-windows.ts";

/** What one batch may hold; a gateway with more to say sends several. */
export const BATCH_LIMITS = { windows: 2_000, tokenUses: 5_000, codes: 64, routerIdLength: 200 } as const;
/** How far a gateway's clock may be ahead of ours. */
export const AHEAD_MS = 60_000;
/** Counts that come later than this are not taken in: the finest windows of their time are gone. */
export const LATE_MS = 6 * 3_600_000;

const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CODE = /^([1-9]\d\d|aborted|other)$/;

export type UsedToken = { hmac: string; lastUsedMs: number; calls: number };

export type ReadBatch = {
  routerId: string;
  sequence: bigint;
  increments: Increment[];
  tokens: UsedToken[];
  /** Windows that were left out because their time cannot be: a clock that is wrong, or counts that came too late. */
  refused: number;
};

/** Checks a batch against its limits. @throws request/invalid naming the limit: it never will be taken in */
export function readBatch(batch: RecordBatch, nowMs: number): ReadBatch {
  const { routerId, sequence, windows, tokenUses } = batch;
  if (routerId === "" || routerId.length > BATCH_LIMITS.routerIdLength || sequence === 0n) {
    throw invalid("router_id", "router_id and sequence must be given");
  }
  limit("windows", windows.length, BATCH_LIMITS.windows);
  limit("token_uses", tokenUses.length, BATCH_LIMITS.tokenUses);
  const timely = windows.filter(({ atMs }) => Number(atMs) <= nowMs + AHEAD_MS && Number(atMs) >= nowMs - LATE_MS);
  return {
    routerId,
    sequence,
    increments: timely.map(incrementOf),
    tokens: usedTokens(tokenUses, nowMs),
    refused: windows.length - timely.length,
  };
}

function incrementOf({ deploymentUid, atMs, codes, latency, maxInFlight }: DeploymentWindow): Increment {
  if (!UID.test(deploymentUid)) throw invalid("windows.deployment_uid", "deployment_uid is no uid");
  limit("windows.codes", Object.keys(codes).length, BATCH_LIMITS.codes);
  if (!Object.keys(codes).every((code) => CODE.test(code))) throw invalid("windows.codes", "a code is no status");
  if (!Object.keys(latency).every((bucket) => Number(bucket) < LATENCY_BUCKETS)) {
    throw invalid("windows.latency", `a bucket is not below ${LATENCY_BUCKETS}`);
  }
  return { deploymentUid, atMs: Number(atMs), codes, latency, maxInFlight, gauges: null };
}

/** One entry a token, however often it is named: a statement may touch a row once. */
function usedTokens(uses: readonly TokenUse[], nowMs: number): UsedToken[] {
  const byHmac = new Map<string, UsedToken>();
  for (const { hmac, lastUsedMs, calls } of uses) {
    if (hmac.length !== 32) throw invalid("token_uses.hmac", `an hmac has ${hmac.length} bytes; 32 are right`);
    const key = Buffer.from(hmac).toString("hex");
    const known = byHmac.get(key) ?? { hmac: key, lastUsedMs: 0, calls: 0 };
    known.lastUsedMs = Math.min(Math.max(known.lastUsedMs, Number(lastUsedMs)), nowMs);
    known.calls += calls;
    byHmac.set(key, known);
  }
  return [...byHmac.values()];
}

function limit(field: string, given: number, allowed: number): void {
  if (given > allowed) throw invalid(field, `${field} has ${given} entries; at most ${allowed} are allowed`);
}

function invalid(field: string, problem: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem: `${problem}.` }, { field });
}
