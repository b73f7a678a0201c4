import { create } from "@bufbuild/protobuf";
import { LevelSetReplica, routeEntry } from "@slipway/rpc";
import {
  type Route,
  RouterHelloSchema,
  RouterMessageSchema,
  type RouteTable,
  TableAppliedSchema,
  TableMismatchSchema,
  type Target,
  TargetsReleasedSchema,
} from "@slipway/rpc/control/router";
import type { Clock, Logger, Readiness, Service } from "@slipway/service-kit";
import { READY } from "@slipway/service-kit";
import type { GatewayMetrics } from "../metrics.ts";
import type { CallRecords } from "../record/call-records.ts";
import { ReleasedLog } from "./released-log.ts";
import { RouteBook } from "./route-book.ts";
import { SchedulerLink } from "./scheduler-link.ts";
import type { TableStore } from "./table-store.ts";

/** How often the leader hears that this router lives and which table it routes by. */
const SIGN_OF_LIFE_MS = 1_000;
/** The table on disk may be old, so a scheduler gets this long to give a newer one first. */
const DISK_AFTER_MS = 3_000;
/** A router that a leader waits for longer than this no longer counts. */
const UNSETTLED_LIMIT_MS = 10_000;

export type FollowRoutesConfig = { schedulerAddresses: readonly string[]; internalSecret: string; routerId: string };
export type FollowRoutesDeps = {
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  records: CallRecords;
  store: TableStore;
  random: () => number;
};

/**
 * Keeps the route book equal to what the leading scheduler says, and tells it which table is applied and which targets
 * are no longer in use. Obeys no epoch older than the highest that was ever obeyed, across restarts.
 */
export class RouteFollower implements Service {
  readonly name = "routes";
  readonly book: RouteBook;
  readonly #config: FollowRoutesConfig;
  readonly #deps: FollowRoutesDeps;
  readonly #links: SchedulerLink[];
  readonly #replica: LevelSetReplica<Route>;
  readonly #released: ReleasedLog;
  readonly #running: Promise<void>[] = [];
  readonly #cancels = new Set<() => void>();
  #leader: SchedulerLink | null = null;
  /** Since when the leader is connected without that its whole table is applied; null = it is. */
  #unsettledSinceMs: number | null = null;
  #isStopped = false;

  constructor(config: FollowRoutesConfig, deps: FollowRoutesDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#replica = new LevelSetReplica<Route>(deps.store.readEpoch());
    this.#released = new ReleasedLog(deps.clock);
    this.book = new RouteBook({ ...deps, onReleased: ({ id, target }) => this.#onReleased(id, target) });
    this.#links = config.schedulerAddresses.map(
      (address) =>
        new SchedulerLink(
          address,
          {
            hello: () => this.#hello(),
            welcome: (link, epoch, leaderId) => this.#onWelcome(link, epoch, leaderId),
            table: (link, table) => this.#onTable(link, table),
            ended: (link) => this.#onEnded(link),
          },
          { ...deps, internalSecret: config.internalSecret },
        ),
    );
  }

  get isLeaderConnected(): boolean {
    return this.#leader !== null;
  }

  async start(): Promise<void> {
    this.#after(DISK_AFTER_MS, () => this.#applyFromDisk());
    this.#signOfLifeLater();
    for (const link of this.#links) this.#running.push(link.run());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    for (const link of this.#links) link.stop();
    await Promise.all(this.#running);
    await this.#deps.store.flush();
    await this.book.upstreams.destroy();
  }

  ready(): Readiness {
    if (this.book.table === null) return { ready: false, reason: "no route table yet: no scheduler has given one" };
    const waitedMs = this.#unsettledSinceMs === null ? 0 : this.#deps.clock.monotonicMs() - this.#unsettledSinceMs;
    if (waitedMs <= UNSETTLED_LIMIT_MS) return READY;
    return { ready: false, reason: `the leader's route table is not applied after ${Math.round(waitedMs / 1_000)} s` };
  }

  #hello() {
    const value = create(RouterHelloSchema, { routerId: this.#config.routerId, highestEpoch: this.#replica.epoch });
    return create(RouterMessageSchema, { message: { case: "hello", value } });
  }

  #onWelcome(link: SchedulerLink, epoch: bigint, leaderId: string): boolean {
    const { store, logger, metrics, clock } = this.#deps;
    const highest = this.#replica.epoch;
    if (!this.#replica.observeEpoch(epoch)) {
      metrics.staleEpochs += 1;
      logger.warn(
        { leaderId, epoch: String(epoch), highest: String(highest) },
        "a scheduler of an older epoch is not obeyed",
      );
      return false;
    }
    if (epoch > highest) store.writeEpoch(epoch);
    if (this.#leader !== null && this.#leader !== link) this.#leader.hangUp();
    this.#leader = link;
    this.#unsettledSinceMs = clock.monotonicMs();
    // What came half from one leader is never completed by another.
    this.#replica.reset();
    logger.info({ leaderId, epoch: String(epoch) }, "follows the leader");
    return true;
  }

  #onTable(link: SchedulerLink, { set, upsert, remove }: RouteTable): void {
    if (link !== this.#leader || set === undefined) return;
    const entries = upsert.map(routeEntry);
    const received = this.#replica.receive(set, { upsert: entries, remove });
    switch (received.kind) {
      case "stale_epoch":
        this.#deps.metrics.staleEpochs += 1;
        link.hangUp();
        return;
      case "mismatch":
        this.#unsettledSinceMs ??= this.#deps.clock.monotonicMs();
        link.send({ case: "mismatch", value: create(TableMismatchSchema, { version: set.version }) });
        return;
      case "partial":
        this.#unsettledSinceMs ??= this.#deps.clock.monotonicMs();
        return;
      case "complete":
        this.#apply(link, { epoch: set.epoch, version: set.version, isWhole: set.base === 0n }, received.changed);
        return;
      default:
        received satisfies never;
    }
  }

  #apply(
    link: SchedulerLink,
    { epoch, version, isWhole }: { epoch: bigint; version: bigint; isWhole: boolean },
    changed: ReadonlySet<string>,
  ): void {
    const entries = this.#replica.entries;
    const isFirst = this.#unsettledSinceMs !== null;
    this.book.apply({ epoch, version, entries, changed: isWhole ? null : changed });
    this.#unsettledSinceMs = null;
    this.#sendApplied(link);
    this.#deps.store.writeTableSoon({ epoch, version, entries });
    if (!isFirst) return;
    const targets = this.#released.targets((id) => this.book.ledger.isHeld(id));
    if (targets.length > 0) this.#sendReleased(link, targets);
  }

  #onEnded(link: SchedulerLink): void {
    if (link !== this.#leader) return;
    this.#leader = null;
    this.#unsettledSinceMs = null;
  }

  #onReleased(id: string, target: Target): void {
    if (this.#isStopped) return;
    this.#deps.metrics.released += 1;
    this.#released.add(id, target);
    // A release is told after the table that caused it.
    queueMicrotask(() => {
      if (this.#leader !== null && this.#unsettledSinceMs === null && !this.book.ledger.isHeld(id)) {
        this.#sendReleased(this.#leader, [target]);
      }
    });
  }

  #sendReleased(link: SchedulerLink, targets: Target[]): void {
    link.send({ case: "released", value: create(TargetsReleasedSchema, { epoch: this.#replica.epoch, targets }) });
  }

  #sendApplied(link: SchedulerLink): void {
    const table = this.book.table;
    if (table === null) return;
    const { epoch, version } = table;
    link.send({ case: "applied", value: create(TableAppliedSchema, { epoch, version }) });
  }

  #signOfLifeLater(): void {
    this.#after(SIGN_OF_LIFE_MS, () => {
      if (this.#leader !== null && this.#unsettledSinceMs === null) {
        this.book.confirm();
        this.#sendApplied(this.#leader);
      }
      this.#signOfLifeLater();
    });
  }

  #applyFromDisk(): void {
    if (this.book.table !== null) return;
    const stored = this.#deps.store.readTable();
    if (stored === null) return;
    this.book.apply({ ...stored, changed: null });
    this.#deps.logger.warn({ routes: stored.entries.size }, "no scheduler answers; serving by the stored route table");
  }

  #after(delayMs: number, callback: () => void): void {
    if (this.#isStopped) return;
    const cancel = this.#deps.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
  }
}
