import type { Route, RouteToken } from "@slipway/rpc/control/router";
import type { Clock, Logger } from "@slipway/service-kit";
import type { GatewayMetrics } from "../metrics.ts";
import type { CallRecords } from "../record/call-records.ts";
import { Upstreams } from "../traffic/upstream.ts";
import { type CompiledRoute, compileRoute, releaseRoute } from "./compile-route.ts";
import { RouteTable } from "./route-table.ts";
import { type TargetAccount, TargetLedger } from "./target-ledger.ts";

/** A route as it was sent. */
export type RouteEntry = { key: string; value: Route; bytes: Uint8Array };

export type TableChange = {
  epoch: bigint;
  version: bigint;
  /** The whole set after the change. */
  entries: ReadonlyMap<string, RouteEntry>;
  /** Keys that may differ from what is held; null = any may. */
  changed: ReadonlySet<string> | null;
};

export type RouteBookDeps = {
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  records: CallRecords;
  onReleased: (account: TargetAccount) => void;
};

/**
 * Holds the table that requests are routed by, and what hangs on it: connections, counts by target, tokens of all
 * routes. A change is compiled first and switched to by one assignment, so no request ever sees half of one.
 */
export class RouteBook {
  #table: RouteTable | null = null;
  #appliedAtMs = 0;
  readonly ledger: TargetLedger;
  readonly upstreams = new Upstreams();
  readonly #tokens = new Map<string, RouteToken[]>();
  readonly #deps: RouteBookDeps;

  constructor(deps: RouteBookDeps) {
    this.#deps = deps;
    this.ledger = new TargetLedger(deps.onReleased);
  }

  /** The table in use; null until the first was applied. */
  get table(): RouteTable | null {
    return this.#table;
  }

  /** On the clock that never jumps; 0 = never. */
  get appliedAtMs(): number {
    return this.#appliedAtMs;
  }

  /** The tokens with this HMAC, of whatever route: tells a credential for something else from one that is not known. */
  tokensOf(hmac: string): readonly RouteToken[] {
    return this.#tokens.get(hmac) ?? [];
  }

  /** Switches to the changed table. Routes whose bytes are equal stay the same objects. */
  apply(change: TableChange): void {
    const { clock, logger, metrics } = this.#deps;
    const before = this.#table ?? RouteTable.empty;
    const compiled = new Map<string, CompiledRoute | null>();
    for (const key of change.changed ?? new Set([...change.entries.keys(), ...before.keys()])) {
      const entry = change.entries.get(key);
      const old = before.get(key);
      if (entry === undefined) {
        if (old !== undefined) compiled.set(key, null);
      } else if (old === undefined || Buffer.compare(old.bytes, entry.bytes) !== 0) {
        compiled.set(key, this.#compile(entry));
      }
    }
    this.#table = before.with(compiled, change.epoch, change.version);
    this.#appliedAtMs = clock.monotonicMs();
    // Only after the switch: no new request can reach what is let go of here.
    for (const [key, route] of compiled) this.#settle(before.get(key), route);
    metrics.tablesApplied += 1;
    logger.debug(
      { version: String(change.version), changed: compiled.size, routes: this.#table.size },
      "routes applied",
    );
  }

  /** The leader said that the table in use is still the one to use. */
  confirm(): void {
    this.#appliedAtMs = this.#deps.clock.monotonicMs();
  }

  #compile(entry: RouteEntry): CompiledRoute {
    const route = compileRoute(entry.value, entry.bytes, this.#compileDeps());
    const unusable = entry.value.targets.length - route.targets.length;
    if (unusable > 0) this.#deps.logger.warn({ route: route.key, unusable }, "targets without an address are left out");
    return route;
  }

  #settle(old: CompiledRoute | undefined, now: CompiledRoute | null): void {
    if (now !== null) {
      for (const [hmac, token] of now.tokens) this.#tokens.set(hmac, [...this.tokensOf(hmac), token]);
    }
    if (old === undefined) return;
    for (const [hmac, token] of old.tokens) {
      const left = this.tokensOf(hmac).filter((other) => other !== token);
      if (left.length === 0) this.#tokens.delete(hmac);
      else this.#tokens.set(hmac, left);
    }
    if (now?.record !== old.record) this.#deps.records.forget(old.record);
    releaseRoute(old, this.#compileDeps());
  }

  #compileDeps() {
    const { records } = this.#deps;
    return {
      ledger: this.ledger,
      upstreams: this.upstreams,
      recordOf: ({ deploymentUid, group, deployment }: Route) => records.of(deploymentUid, group, deployment),
    };
  }
}
