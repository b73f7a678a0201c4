import { toJson } from "@bufbuild/protobuf";
import { Model } from "@slipway/contracts";
import { routeEntry } from "@slipway/rpc";
import { RouteSchema } from "@slipway/rpc/control/router";
import type { Batch } from "../planner/batch.ts";
import { Planner } from "../planner/planner.ts";
import { compileRoute } from "../routes/compile-route.ts";
import { modelVersionKey, placementKey } from "../snapshot/keys.ts";
import { noteTold } from "../snapshot/router-liveness.ts";
import type { DeploymentResource, ModelResource, Replica, ServerResource } from "../snapshot/types.ts";
import { readyReplica } from "./factories.ts";

/**
 * A planner with agents and one router that obey at once, all in memory: what tests of its promises turn by hand.
 * Loads take one turn; a URI that holds `broken` fails to load.
 */
export class Simulation {
  readonly planner = new Planner();
  readonly now = { wallMs: 1_700_000_000_000, monotonicMs: 1_000 };
  readonly memoryMi: number;
  #table = 1n;
  #routes = "";
  /** Route targets of each deployment after each turn, the latest last. */
  readonly history: Map<string, number>[] = [];
  onTurn: (batch: Batch) => void = () => undefined;
  /** Whether the artifact at a URI cannot be loaded now. */
  isBroken = (uri: string): boolean => uri.includes("broken");

  constructor(memoryMi = 1_024) {
    this.memoryMi = memoryMi;
    this.world.routers.set("gateway", {
      id: "gateway",
      connected: true,
      appliedMs: this.now.monotonicMs,
      appliedVersion: 0n,
      released: new Set(),
    });
  }

  get world() {
    return this.planner.world;
  }

  apply(resource: DeploymentResource | ModelResource | ServerResource): void {
    const known = this.world.resource(resource.uid);
    const generation = (known?.generation ?? 0) + 1;
    this.planner.putResource({ ...resource, generation, version: (known?.version ?? 0) + 1 });
  }

  delete(uid: string): void {
    const known = this.world.resource(uid);
    if (known !== undefined) this.planner.putResource({ ...known, deleting: true, version: known.version + 1 });
  }

  /** The process of a replica died, and its driver says that it is gone. */
  lose(serverUid: string, index: number): void {
    const replica = this.world.replicas.get(`${serverUid}/${index}`);
    if (replica === undefined) return;
    this.planner.touchReplica(replica);
    this.world.removeReplica(serverUid, index);
  }

  /** Steps until nothing changes; throws when that takes suspiciously long. */
  settle(): void {
    for (let turn = 0; turn < 200; turn += 1) {
      if (!this.turn()) return;
    }
    throw new Error("the platform does not settle");
  }

  /** One step of the planner, then one of every agent and the router. Returns whether anything happened. */
  turn(): boolean {
    this.now.monotonicMs += 50;
    this.now.wallMs += 50;
    if (!this.planner.isDirty(this.now)) return false;
    const batch = this.planner.step(this.now);
    for (const { owner, child } of batch.writeChildren) this.#writeChild(owner, child.name, child.spec);
    for (const model of batch.removeChildren) this.delete(model.uid);
    for (const { uid } of batch.finished) this.planner.removeResource(uid);
    for (const { server, index } of batch.startReplicas) {
      this.planner.touchReplica(readyReplica(this.world, server.uid, index, this.memoryMi));
    }
    this.#publish(batch);
    for (const replica of this.world.replicas.values()) this.#obey(replica);
    this.onTurn(batch);
    return true;
  }

  #writeChild(owner: DeploymentResource, name: string, spec: ReturnType<typeof Model.spec.parse>): void {
    const known = this.world.children(owner.uid).find((model) => model.name === name);
    const changed = known === undefined || JSON.stringify(known.spec) !== JSON.stringify(spec);
    this.planner.putResource({
      kind: "Model",
      uid: known?.uid ?? `${owner.uid}.model`,
      group: owner.group,
      name,
      generation: (known?.generation ?? 0) + (changed ? 1 : 0),
      version: (known?.version ?? 0) + 1,
      ownerUid: owner.uid,
      ownerGeneration: owner.generation,
      deleting: false,
      spec: Model.spec.parse(spec),
    });
  }

  #publish(batch: Batch): void {
    const { world } = this;
    const table = JSON.stringify(
      [...world.deployments.values()].map((deployment) => {
        const route = compileRoute(world, deployment, this.now);
        return route === null ? null : toJson(RouteSchema, route);
      }),
    );
    const hasChanged = table !== this.#routes;
    this.#routes = table;
    if (hasChanged) this.#table += 1n;
    const router = world.routers.get("gateway");
    if (router === undefined) return;
    router.appliedMs = this.now.monotonicMs;
    router.appliedVersion = this.#table;
    noteTold(
      world,
      [...world.deployments.keys()].flatMap((uid) => world.children(uid)).map(({ uid }) => uid),
      this.now,
    );
    for (const uid of batch.routes) this.#note(uid);
    const counts = new Map<string, number>();
    for (const deployment of world.deployments.values()) {
      counts.set(deployment.uid, compileRoute(world, deployment, this.now)?.targets.length ?? 0);
    }
    this.history.push(counts);
    for (const placement of world.placements.values()) {
      if (placement.state !== "retiring") continue;
      const key = placementKey(placement);
      world.retirements.set(key, { tableVersion: this.#table, atMs: this.now.monotonicMs });
      if (!router.released.has(key)) this.planner.touch(placement.modelUid);
      router.released.add(key);
    }
    if (hasChanged) this.planner.touchUnrouted();
  }

  #note(uid: string): void {
    const { world } = this;
    const deployment = world.deployments.get(uid);
    const route = deployment === undefined ? null : compileRoute(world, deployment, this.now);
    if (route === null) return;
    const { bytes } = routeEntry(route);
    const known = world.publishedRoutes.get(uid);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return;
    world.publishedRoutes.set(uid, { bytes, tableVersion: this.#table });
    this.planner.touch(uid);
  }

  #obey(replica: Replica): void {
    const assigned = new Set<string>();
    for (const placement of this.world.placementsOfReplica(replica.serverUid, replica.index)) {
      const key = modelVersionKey(placement.modelUid, placement.version);
      if (placement.state === "unloading") {
        replica.unassigned.set(key, 1n);
        replica.readVersion = 1n;
        this.planner.touch(placement.modelUid);
        continue;
      }
      assigned.add(key);
      const state = replica.models.get(key)?.state;
      if (state === "ready" || state === "failed") continue;
      this.planner.touch(placement.modelUid);
      const isBroken = this.isBroken(placement.load.uri);
      const next = state === undefined ? "loading" : isBroken ? "failed" : "ready";
      replica.models.set(key, {
        state: next,
        problem: next === "failed" ? { code: "model/corrupt", text: "The model cannot be loaded: broken" } : null,
        sha256: "00",
        signatureJson: "",
        measuredBytes: 0,
      });
    }
    for (const key of [...replica.models.keys()]) if (!assigned.has(key)) replica.models.delete(key);
  }
}
