import { REGISTERED_MODEL, SlipwayError } from "@slipway/contracts";
import { type Change, type Cursor, type Db, horizonAgeSeconds, watchChanges } from "@slipway/db";
import type { Writer } from "@slipway/domain";
import type { FleetDriver } from "@slipway/fleet";
import type { Clock, Logger } from "@slipway/service-kit";
import { FleetController } from "../fleet/fleet-controller.ts";
import type { SchedulerMetrics } from "../metrics.ts";
import { type Batch, hasWrites } from "../planner/batch.ts";
import { Planner } from "../planner/planner.ts";
import { AgentHub } from "../rpc/agent-hub.ts";
import { RouterHub } from "../rpc/router-hub.ts";
import { ROUTER_LEASE_MS } from "../snapshot/router-liveness.ts";
import type { Now } from "../snapshot/types.ts";
import { loadWorld, readVersions, refreshResources, refreshTokens } from "../store/load-world.ts";
import { writeBatch } from "../store/write-batch.ts";
import { Bell } from "./bell.ts";
import type { Term } from "./elector.ts";
import { RoutedWaiters } from "./routed-waiters.ts";

/** Changes gather this long before they are planned together. */
const COALESCE_MS = 10;
/** How often something is looked at though nothing happened: leases of routers, waiters. */
const TICK_MS = 1_000;
const COMPARE_EVERY_MS = 60_000;
/** What differs for longer than this was missed; a shorter difference is on its way. */
const COMPARE_GRACE_MS = 3_000;

export type LeadershipDeps = {
  db: Db;
  clock: Clock;
  logger: Logger;
  metrics: SchedulerMetrics;
  driver: FleetDriver;
  writer: Writer;
  random: () => number;
  leaderId: string;
  /** How long routers of a former leader are waited for before a retired target counts as released. */
  routersUnknownMs?: number;
};

/**
 * One term of leading: holds the snapshot, plans what changed, stores it, and tells agents, routers and the fleet. Made anew
 * for each term from the database and from what agents report, so that nothing stale survives a loss of the lease.
 */
export class Leadership {
  readonly planner = new Planner();
  readonly agents: AgentHub;
  readonly routers: RouterHub;
  readonly routed: RoutedWaiters;
  readonly #deps: LeadershipDeps;
  readonly #term: Term;
  readonly #fleet: FleetController;
  readonly #bell: Bell;
  #isLoaded = false;

  constructor(term: Term, deps: LeadershipDeps) {
    this.#term = term;
    this.#deps = deps;
    const { clock, logger, driver, random } = deps;
    this.#bell = new Bell(clock, term.signal);
    const wake = () => this.#bell.ring();
    const onHigherEpoch = (epoch: bigint) =>
      term.stepDown(`somebody has obeyed epoch ${epoch}, which this database does not know of`, epoch);
    const shared = {
      planner: this.planner,
      epoch: term.epoch,
      leaderId: deps.leaderId,
      mayTalk: () => term.isValid(),
      wake,
      onHigherEpoch,
      logger,
    };
    this.agents = new AgentHub({
      ...shared,
      nowMs: () => clock.monotonicMs(),
      mayJoin: (serverUid, index) => !this.#fleet.isStopping(serverUid, index),
    });
    this.routers = new RouterHub({ ...shared, now: () => this.now() });
    this.routed = new RoutedWaiters((version) => this.routers.isApplied(version));
    this.#fleet = new FleetController({
      ...{ planner: this.planner, driver, clock, logger, random, signal: term.signal, wake },
      disconnect: (serverUid, index) => this.agents.disconnect(serverUid, index),
    });
  }

  now(): Now {
    return { wallMs: this.#deps.clock.now(), monotonicMs: this.#deps.clock.monotonicMs() };
  }

  /** Whether the snapshot is loaded, so that agents and routers may be welcomed. */
  get isReady(): boolean {
    return this.#isLoaded && this.#term.isValid();
  }

  /** Leads until the term ends. @throws when the database refuses or is lost: the term is over then */
  async run(): Promise<void> {
    const { clock, driver, metrics } = this.#deps;
    const { signal, epoch } = this.#term;
    metrics.leading.set(1);
    metrics.epoch.set(Number(epoch));
    metrics.terms.inc();
    try {
      const { world } = this.planner;
      // Nobody can have led before the first epoch.
      const unknownMs = epoch === 1n ? 0 : (this.#deps.routersUnknownMs ?? ROUTER_LEASE_MS);
      world.routersUnknownUntilMs = clock.monotonicMs() + unknownMs;
      const cursor = await this.#load();
      const [, xid = "0", seq = "0"] = cursor.split(":");
      this.routed.reached({ xid, seq });
      await this.#fleet.adopt(clock.monotonicMs());
      for (const server of world.servers.values()) this.#fleet.ensure(server);
      this.routers.publish(new Set(world.deployments.keys()));
      this.routers.retire(world.placements.keys());
      this.#isLoaded = true;
      const failed = new AbortController();
      const until = AbortSignal.any([signal, failed.signal]);
      const run = (work: Promise<void>) => work.finally(() => failed.abort());
      const ends = await Promise.allSettled([
        run(this.#follow(cursor, until)),
        run(this.#plan(until)),
        run(this.#compare(until)),
      ]);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    } finally {
      metrics.leading.set(0);
      this.#isLoaded = false;
      this.agents.close();
      this.routers.close();
      this.routed.failAll(new SlipwayError("scheduler/no_leader", {}));
      await driver.release().catch(() => undefined);
    }
  }

  #load(): Promise<Cursor> {
    return loadWorld(this.#deps.db, this.planner, this.#deps.clock.monotonicMs(), this.#readOptions());
  }

  #readOptions() {
    const { logger } = this.#deps;
    return {
      onUnreadable: ({ kind, name }: { kind: string; name: string }) =>
        logger.error({ kind, name }, "a resource cannot be read by this version and is left alone"),
    };
  }

  /** Takes in the feed; when its place is gone (a restored or pruned database), everything is read again. */
  async #follow(from: Cursor, signal: AbortSignal): Promise<void> {
    const { db, clock, logger } = this.#deps;
    let cursor = from;
    while (!signal.aborted) {
      try {
        for await (const changes of watchChanges(db, { from: cursor, signal, clock })) {
          await this.#takeIn(changes);
          this.routed.reached(changes.at(-1));
          this.#bell.ring();
        }
      } catch (error) {
        if (!(error instanceof SlipwayError) || error.code !== "feed/cursor_expired") throw error;
        logger.warn("the change feed begins anew; reading everything again");
        cursor = await this.#load();
        this.#bell.ring();
      }
    }
  }

  async #takeIn(changes: readonly Change[]): Promise<void> {
    const { db } = this.#deps;
    const specs = new Set(
      changes.filter(({ part, kind }) => part === "spec" && kind !== REGISTERED_MODEL).map(({ uid }) => uid),
    );
    const tokens = new Set(
      changes.filter(({ part, kind }) => part === "control" && kind === "Deployment").map(({ uid }) => uid),
    );
    if (specs.size > 0) await refreshResources(db, this.planner, [...specs], this.#readOptions());
    if (tokens.size > 0) await refreshTokens(db, this.planner, [...tokens]);
    for (const uid of specs) {
      const server = this.planner.world.servers.get(uid);
      if (server !== undefined) this.#fleet.ensure(server);
    }
  }

  async #plan(signal: AbortSignal): Promise<void> {
    const { clock, metrics } = this.#deps;
    while (!signal.aborted) {
      const due = this.planner.nextDueMs() ?? Number.POSITIVE_INFINITY;
      if (!this.planner.isDirty(this.now())) {
        await this.#bell.wait(Math.max(0, Math.min(TICK_MS, due - clock.monotonicMs())));
        if (this.planner.isDirty(this.now())) await clock.sleep(COALESCE_MS, signal).catch(() => undefined);
      }
      if (signal.aborted) return;
      if (this.planner.isDirty(this.now())) await this.#step();
      this.#forgetRouters();
      this.routed.check(this.routers.version, !this.planner.isDirty(this.now()));
      metrics.agents.set(this.agents.connected);
      metrics.routers.set(this.routers.connected);
      metrics.waiting.set(this.planner.world.waiting.size);
      metrics.placements.set(this.planner.world.placements.size);
    }
  }

  /** Plans, stores, tells: in this order, and nothing is told that was not stored. */
  async #step(): Promise<void> {
    const { metrics, db, writer } = this.#deps;
    const planned = metrics.stepSeconds.startTimer();
    const batch = this.planner.step(this.now());
    planned();
    if (hasWrites(batch)) {
      if (!this.#term.isValid()) throw new Error("the term is over");
      const stored = metrics.applySeconds.startTimer();
      const { changed, gone } = await writeBatch(db, this.#term.epoch, writer, batch, this.planner.world);
      stored();
      if (changed.length > 0) await refreshResources(db, this.planner, changed, this.#readOptions());
      for (const uid of gone) this.planner.removeResource(uid);
      for (const uid of gone) batch.routes.add(uid);
    }
    this.#tell(batch);
  }

  #tell(batch: Batch): void {
    if (!this.#term.isValid()) return;
    this.routers.publish(batch.routes);
    this.routers.retire(batch.placements.keys());
    this.agents.publish(batch.assignments);
    for (const { server, index } of batch.startReplicas) this.#fleet.start(server, index);
    for (const { server, index } of batch.stopReplicas) this.#fleet.stop(server, index);
  }

  /** A router without a lease for long counts for nothing; its id never comes back. */
  #forgetRouters(): void {
    const { routers } = this.planner.world;
    const nowMs = this.now().monotonicMs;
    for (const router of routers.values()) {
      if (!router.connected && nowMs - router.appliedMs > 2 * ROUTER_LEASE_MS) routers.delete(router.id);
    }
  }

  /** Counts what the feed should have told and did not; reads that again. */
  async #compare(signal: AbortSignal): Promise<void> {
    const { db, clock, metrics, logger } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(COMPARE_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      metrics.feedHorizonSeconds.set(await horizonAgeSeconds(db));
      const before = await this.#differences();
      if (before.size === 0) continue;
      await clock.sleep(COMPARE_GRACE_MS, signal).catch(() => undefined);
      const after = await this.#differences();
      const missed = [...before].filter(([uid, version]) => after.get(uid) === version).map(([uid]) => uid);
      if (missed.length === 0 || signal.aborted) continue;
      metrics.missed.inc(missed.length);
      logger.error({ missed: missed.length }, "the snapshot differed from the database");
      await refreshResources(db, this.planner, missed, this.#readOptions());
      this.#bell.ring();
    }
  }

  async #differences(): Promise<Map<string, number>> {
    const { world } = this.planner;
    const versions = await readVersions(this.#deps.db);
    const different = new Map<string, number>();
    for (const [uid, version] of versions) if (world.resource(uid)?.version !== version) different.set(uid, version);
    for (const uid of [...world.deployments.keys(), ...world.models.keys(), ...world.servers.keys()]) {
      if (!versions.has(uid)) different.set(uid, 0);
    }
    return different;
  }
}
