import { create } from "@bufbuild/protobuf";
import { LevelSetSource, routeEntry } from "@slipway/rpc";
import {
  type Route,
  type RouterCommand,
  RouterCommandSchema,
  type RouterHello,
  type RouterMessage,
  type Target,
} from "@slipway/rpc/control/router";
import type { Logger } from "@slipway/service-kit";
import type { Planner } from "../planner/planner.ts";
import { compileRoute, routeKey } from "../routes/compile-route.ts";
import { placementKey } from "../snapshot/keys.ts";
import { isTarget, liveRouters, noteTold } from "../snapshot/router-liveness.ts";
import type { Now, Router } from "../snapshot/types.ts";

/** What the hub needs of a router's stream. */
export type RouterStream = {
  on(event: "data", listener: (message: RouterMessage) => void): unknown;
  on(event: "end" | "close" | "error", listener: () => void): unknown;
  write(command: RouterCommand): unknown;
  end(): unknown;
};

export type RouterHubDeps = {
  planner: Planner;
  epoch: bigint;
  leaderId: string;
  /** Asked before each message. */
  mayTalk: () => boolean;
  wake: () => void;
  now: () => Now;
  onHigherEpoch: (epoch: bigint) => void;
  logger: Logger;
};

type Connection = { stream: RouterStream; router: Router; sentVersion: bigint };

/** The routers' end of the control plane: one table for all, and what each has applied and released of it. */
export class RouterHub {
  readonly #deps: RouterHubDeps;
  readonly #source = new LevelSetSource<Route>();
  readonly #connections = new Map<string, Connection>();
  /** Keys of routes by deployment, so that the route of one that is gone can be taken out. */
  readonly #keys = new Map<string, string>();
  #isPublished = false;

  constructor(deps: RouterHubDeps) {
    this.#deps = deps;
  }

  get version(): bigint {
    return this.#source.version;
  }

  get connected(): number {
    return this.#connections.size;
  }

  accept(stream: RouterStream, hello: RouterHello): void {
    const { planner, epoch, leaderId, now, onHigherEpoch, logger } = this.#deps;
    if (hello.highestEpoch > epoch) {
      onHigherEpoch(hello.highestEpoch);
      stream.end();
      return;
    }
    this.#connections.get(hello.routerId)?.stream.end();
    const known = planner.world.routers.get(hello.routerId);
    const router: Router = {
      id: hello.routerId,
      connected: true,
      appliedMs: now().monotonicMs,
      appliedVersion: 0n,
      released: known?.released ?? new Set(),
    };
    planner.world.routers.set(router.id, router);
    const connection: Connection = { stream, router, sentVersion: 0n };
    this.#connections.set(router.id, connection);
    stream.on("data", (message: RouterMessage) => this.#onMessage(connection, message));
    const onEnd = () => {
      if (this.#connections.get(router.id) !== connection) return;
      this.#connections.delete(router.id);
      router.connected = false;
      logger.info({ router: router.id }, "a router's stream ended");
    };
    stream.on("end", onEnd);
    stream.on("close", onEnd);
    stream.on("error", onEnd);
    logger.info({ router: router.id }, "a router joined");
    this.#write(connection, create(RouterCommandSchema, { command: { case: "welcome", value: { epoch, leaderId } } }));
    if (this.#isPublished) this.#send(connection);
  }

  /** Compiles the routes of these deployments anew, and tells every router what changed. */
  publish(deploymentUids: ReadonlySet<string>): void {
    const { planner, now } = this.#deps;
    const { world } = planner;
    const upsert = [];
    const remove: string[] = [];
    const present = now();
    for (const uid of deploymentUids) {
      const deployment = world.deployments.get(uid);
      const route = deployment === undefined ? null : compileRoute(world, deployment, present);
      const key = deployment === undefined ? this.#keys.get(uid) : routeKey(deployment);
      if (key === undefined) continue;
      if (route === null) {
        // Another deployment may have taken the name since; its route stays.
        if (this.#source.get(key)?.value.deploymentUid === uid) remove.push(key);
        this.#keys.delete(uid);
        continue;
      }
      this.#keys.set(uid, key);
      const entry = routeEntry(route);
      const old = this.#source.get(key);
      if (old !== undefined && Buffer.compare(old.bytes, entry.bytes) === 0) continue;
      upsert.push(entry);
    }
    const isFirst = !this.#isPublished;
    this.#isPublished = true;
    const hasChanged = this.#source.update(upsert, remove);
    for (const { value, bytes } of upsert) {
      world.publishedRoutes.set(value.deploymentUid, { bytes, tableVersion: this.#source.version });
      planner.touch(value.deploymentUid);
      noteTold(world, new Set(value.targets.flatMap(({ model }) => model?.modelUid ?? [])), present);
    }
    if (hasChanged || isFirst) for (const connection of this.#connections.values()) this.#send(connection);
  }

  /** Notes since which table these placements are no targets any more. Call after `publish`. */
  retire(keys: Iterable<string>): void {
    const { world } = this.#deps.planner;
    for (const key of keys) {
      const placement = world.placements.get(key);
      if (placement?.state !== "retiring" || world.retirements.has(key)) continue;
      world.retirements.set(key, { tableVersion: this.#source.version, atMs: this.#deps.now().monotonicMs });
      this.#deps.planner.touch(placement.modelUid);
    }
  }

  /** Whether every live router has applied this version of the table. */
  isApplied(version: bigint): boolean {
    return liveRouters(this.#deps.planner.world, this.#deps.now()).every((router) => router.appliedVersion >= version);
  }

  close(): void {
    for (const { stream } of this.#connections.values()) stream.end();
    this.#connections.clear();
  }

  #send(connection: Connection): void {
    for (const { header, upsert, remove } of this.#source.since(this.#deps.epoch, connection.sentVersion)) {
      const value = { set: header, upsert: upsert.map((entry) => entry.value), remove };
      this.#write(connection, create(RouterCommandSchema, { command: { case: "table", value } }));
    }
    connection.sentVersion = this.#source.version;
  }

  #write({ stream }: Connection, command: RouterCommand): void {
    if (this.#deps.mayTalk()) stream.write(command);
    else stream.end();
  }

  #onMessage(connection: Connection, { message }: RouterMessage): void {
    const { planner, epoch, now, wake } = this.#deps;
    const { router } = connection;
    switch (message.case) {
      case "applied": {
        if (message.value.epoch !== epoch) return;
        router.appliedMs = now().monotonicMs;
        if (message.value.version === router.appliedVersion) return;
        router.appliedVersion = message.value.version;
        planner.touchUnrouted();
        wake();
        return;
      }
      case "released":
        for (const target of message.value.targets) this.#onReleased(router, target);
        wake();
        return;
      case "mismatch":
        connection.sentVersion = 0n;
        this.#send(connection);
        return;
      case "hello":
      case undefined:
        return;
      default:
        message satisfies never;
    }
  }

  #onReleased(router: Router, { model, replica }: Target): void {
    const { world } = this.#deps.planner;
    const server = replica === undefined ? undefined : world.find("Server", replica.group, replica.server);
    if (model === undefined || replica === undefined || server === undefined) return;
    const key = placementKey({
      modelUid: model.modelUid,
      version: model.version,
      serverUid: server.uid,
      replica: replica.replica,
    });
    const placement = world.placements.get(key);
    // News of a table before this one: what is a target again is in use again.
    if (placement === undefined || isTarget(world, placement, this.#deps.now())) return;
    router.released.add(key);
    this.#deps.planner.touch(model.modelUid);
  }
}
