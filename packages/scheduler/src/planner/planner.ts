import type { ResourceStatus } from "@slipway/contracts";
import { routeEntry } from "@slipway/rpc";
import type { ModelPlan, PlannedEvent } from "../reconcile/model-plan.ts";
import { reconcileDeployment } from "../reconcile/reconcile-deployment.ts";
import { reconcileModel } from "../reconcile/reconcile-model.ts";
import { reconcileServer } from "../reconcile/reconcile-server.ts";
import { compileRoute } from "../routes/compile-route.ts";
import { modelVersionKey, placementKey, replicaKey } from "../snapshot/keys.ts";
import { liveRouters } from "../snapshot/router-liveness.ts";
import type {
  DeploymentResource,
  ModelResource,
  Now,
  Placement,
  Replica,
  ServerResource,
  WorldResource,
} from "../snapshot/types.ts";
import { WorldStore } from "../snapshot/world.ts";
import { isSameStatus } from "../status/conditions.ts";
import { modelStatus } from "../status/model-status.ts";
import { type Batch, emptyBatch } from "./batch.ts";

/** How many objects of a kind one step plans at most, so that its transaction stays short. */
export const STEP_LIMIT = 400;

/**
 * Keeps the list of what has to be planned again, and plans it: each step reads the snapshot through the reconcilers, puts
 * what they decided into the snapshot at once, and returns it as a batch to be stored. One change costs what it touches.
 */
export class Planner {
  readonly world = new WorldStore();
  readonly #deployments = new Set<string>();
  readonly #models = new Set<string>();
  readonly #servers = new Set<string>();
  readonly #again = new Map<string, number>();
  /** Deployments that are loaded and wait for routers. */
  readonly #unrouted = new Set<string>();
  #retryWaiting = false;
  readonly #notes: PlannedEvent[] = [];

  /** Whether a step would have something to do now. */
  isDirty(now: Now): boolean {
    if (this.#deployments.size + this.#models.size + this.#servers.size > 0 || this.#retryWaiting) return true;
    return (this.nextDueMs() ?? Number.POSITIVE_INFINITY) <= now.monotonicMs;
  }

  /** When a step is due though nothing happens; null when never. Monotonic milliseconds. */
  nextDueMs(): number | null {
    let next: number | null = null;
    for (const due of this.#again.values()) if (next === null || due < next) next = due;
    return next;
  }

  /** Has an object planned again, by whatever kind it is. */
  touch(uid: string): void {
    const { world } = this;
    if (world.deployments.has(uid)) this.#deployments.add(uid);
    else if (world.models.has(uid)) this.#models.add(uid);
    else if (world.servers.has(uid)) this.#servers.add(uid);
  }

  touchAll(): void {
    for (const uid of this.world.deployments.keys()) this.#deployments.add(uid);
    for (const uid of this.world.models.keys()) this.#models.add(uid);
    for (const uid of this.world.servers.keys()) this.#servers.add(uid);
  }

  /** Has all models on a replica planned again, and those that wait for a place. */
  touchReplica(replica: Replica): void {
    this.#servers.add(replica.serverUid);
    for (const { modelUid } of this.world.placementsOfReplica(replica.serverUid, replica.index))
      this.#models.add(modelUid);
    this.#retryWaiting = true;
  }

  /** Has something that happened to a server told to people, with the next step. */
  note(serverUid: string, event: Omit<PlannedEvent, "uid">): void {
    this.#notes.push({ uid: serverUid, ...event });
    this.#servers.add(serverUid);
  }

  /** A router has applied a table: deployments that waited for that can be told so. */
  touchUnrouted(): void {
    for (const uid of this.#unrouted) this.#deployments.add(uid);
  }

  /** Takes in a resource as the database has it. Older news than what is known changes nothing. */
  putResource(resource: WorldResource): void {
    const known = this.world.resource(resource.uid);
    if (known !== undefined && !isNewer(resource, known)) return;
    const named = this.world.find(resource.kind, resource.group, resource.name);
    if (named !== undefined && named.uid !== resource.uid) this.removeResource(named.uid);
    this.world.putResource(resource);
    this.touch(resource.uid);
    if (resource.ownerUid !== null) this.touch(resource.ownerUid);
    if (resource.kind === "Server") this.#touchServer(resource);
  }

  /** Forgets a resource whose row is gone. */
  removeResource(uid: string): void {
    const gone = this.world.removeResource(uid);
    if (gone === undefined) return;
    const { world } = this;
    for (const map of [world.statuses, world.rollouts, world.facts, world.tokens, world.publishedRoutes])
      map.delete(uid);
    for (const set of [world.waiting, this.#deployments, this.#models, this.#servers, this.#unrouted]) set.delete(uid);
    this.#again.delete(uid);
    if (gone.ownerUid !== null) this.touch(gone.ownerUid);
    if (gone.kind === "Server") this.#touchServer(gone);
    if (gone.kind === "Model") this.#forgetModel(gone);
  }

  /** Plans what is due. The batch must be stored before anybody outside is told of it. */
  step(now: Now): Batch {
    const batch = emptyBatch();
    this.#takeDue(now);
    batch.events.push(...this.#notes.splice(0));
    for (const uid of take(this.#servers, STEP_LIMIT)) this.#planServer(uid, batch, now);
    for (const uid of take(this.#models, STEP_LIMIT)) this.#planModel(uid, batch, now);
    for (const uid of take(this.#deployments, STEP_LIMIT)) this.#planDeployment(uid, batch, now);
    return batch;
  }

  #takeDue(now: Now): void {
    for (const [uid, due] of this.#again) {
      if (due > now.monotonicMs) continue;
      this.#again.delete(uid);
      this.touch(uid);
    }
    if (!this.#retryWaiting) return;
    this.#retryWaiting = false;
    for (const uid of this.world.waiting) this.#models.add(uid);
  }

  #planServer(uid: string, batch: Batch, now: Now): void {
    const server = this.world.servers.get(uid);
    if (server === undefined) return;
    const plan = reconcileServer(this.world, server, now);
    for (const replica of [...plan.drain, ...plan.keep]) {
      replica.draining = plan.drain.includes(replica);
      this.touchReplica(replica);
    }
    for (const index of plan.add) {
      this.world.replica(uid, index, now.monotonicMs);
      batch.startReplicas.push({ server, index });
    }
    for (const { index } of plan.remove) {
      this.world.removeReplica(uid, index);
      batch.stopReplicas.push({ server, index });
    }
    if (plan.add.length + plan.remove.length + plan.drain.length + plan.keep.length > 0) this.#servers.add(uid);
    if (plan.status !== null) this.#setStatus(uid, plan.status, batch);
    if (plan.finished) batch.finished.push(server);
  }

  #planModel(uid: string, batch: Batch, now: Now): void {
    const model = this.world.models.get(uid);
    if (model === undefined) return;
    const plan = reconcileModel(this.world, model, now);
    this.#applyModelPlan(model, plan, batch);
    const status = modelStatus(model, plan.facts, this.world.statuses.get(uid), now);
    if (!isSameStatus(this.world.statuses.get(uid), status)) this.#setStatus(uid, status, batch);
    if (plan.againMs === null) this.#again.delete(uid);
    else this.#again.set(uid, plan.againMs);
    if (model.ownerUid !== null) this.touch(model.ownerUid);
    if (plan.finished) batch.finished.push(model);
  }

  #applyModelPlan(model: ModelResource, plan: ModelPlan, batch: Batch): void {
    const { world } = this;
    for (const placement of [...plan.load, ...plan.adjust]) this.#putPlacement(model, placement, batch);
    for (const placement of plan.retire) this.#putPlacement(model, { ...placement, state: "retiring" }, batch);
    for (const placement of plan.unload) this.#putPlacement(model, { ...placement, state: "unloading" }, batch);
    for (const placement of plan.drop) this.#dropPlacement(model, placement, batch);
    for (const { placement, problem, untilMs } of plan.failures) {
      world.failures.set(placementKey(placement), { problem, untilMs });
    }
    if (plan.rollout !== null) {
      world.rollouts.set(model.uid, plan.rollout);
      batch.rollouts.set(model.uid, plan.rollout);
    }
    if (plan.resolution !== null) {
      const { version, sha256 } = plan.resolution;
      world.resolutions.set(modelVersionKey(model.uid, version), sha256);
      batch.resolutions.push({ model, version, sha256 });
    }
    batch.results.push(...plan.results);
    batch.events.push(...plan.events);
    world.facts.set(model.uid, plan.facts);
    const isShort = plan.facts.lacking !== null && plan.facts.failed === null;
    if (isShort) world.waiting.add(model.uid);
    else world.waiting.delete(model.uid);
    if (model.ownerUid !== null) batch.routes.add(model.ownerUid);
  }

  #planDeployment(uid: string, batch: Batch, now: Now): void {
    const deployment = this.world.deployments.get(uid);
    if (deployment === undefined) return;
    const plan = reconcileDeployment(this.world, deployment, this.#isRouted(deployment, now), now);
    for (const child of plan.write) batch.writeChildren.push({ owner: deployment, child });
    batch.removeChildren.push(...plan.remove);
    batch.results.push(...plan.results);
    batch.routes.add(uid);
    if (plan.status !== null) this.#setStatus(uid, plan.status, batch);
    if (this.#waitsForRouters(deployment)) this.#unrouted.add(uid);
    else this.#unrouted.delete(uid);
    if (plan.finished) batch.finished.push(deployment);
  }

  #waitsForRouters({ uid }: DeploymentResource): boolean {
    const isPromoted = this.world.children(uid).some((child) => this.world.facts.get(child.uid)?.promoted === true);
    const progress = this.world.statuses.get(uid)?.progress ?? [];
    return isPromoted && progress.some(({ name, state }) => name === "routed" && state !== "done");
  }

  /** Every live router, and at least one, has the present route; one that this step decides is not published yet. */
  #isRouted(deployment: DeploymentResource, now: Now): boolean {
    const facts = this.world.children(deployment.uid).map((child) => this.world.facts.get(child.uid))[0];
    const published = this.world.publishedRoutes.get(deployment.uid);
    if (facts === undefined || !facts.promoted || published === undefined) return false;
    const route = compileRoute(this.world, deployment, now);
    if (route === null || Buffer.compare(routeEntry(route).bytes, published.bytes) !== 0) return false;
    const routers = liveRouters(this.world, now);
    return routers.length > 0 && routers.every(({ appliedVersion }) => appliedVersion >= published.tableVersion);
  }

  #putPlacement(model: ModelResource, placement: Placement, batch: Batch): void {
    const key = placementKey(placement);
    const before = this.world.placements.get(key);
    this.world.putPlacement(placement);
    if (before === undefined) this.world.untold.add(key);
    if (placement.state === "wanted") this.world.retirements.delete(key);
    batch.placements.set(key, placement);
    batch.removedPlacements.delete(key);
    this.#noteMoved(model, placement, batch);
    if (before !== undefined && before.memoryBytes > placement.memoryBytes) this.#retryWaiting = true;
  }

  #dropPlacement(model: ModelResource, placement: Placement, batch: Batch): void {
    const key = placementKey(placement);
    this.world.removePlacement(key);
    this.world.retirements.delete(key);
    this.world.untold.delete(key);
    for (const router of this.world.routers.values()) router.released.delete(key);
    this.world.replicas
      .get(replicaKey(placement.serverUid, placement.replica))
      ?.unassigned.delete(modelVersionKey(placement.modelUid, placement.version));
    batch.placements.delete(key);
    batch.removedPlacements.set(key, placement);
    this.#noteMoved(model, placement, batch);
    this.#retryWaiting = true;
    this.#models.add(model.uid);
  }

  #noteMoved(model: ModelResource, placement: Placement, batch: Batch): void {
    const replica = replicaKey(placement.serverUid, placement.replica);
    const version = modelVersionKey(placement.modelUid, placement.version);
    const versions = batch.assignments.get(replica);
    if (versions === undefined) batch.assignments.set(replica, new Set([version]));
    else versions.add(version);
    this.#servers.add(placement.serverUid);
    if (model.ownerUid !== null) batch.routes.add(model.ownerUid);
  }

  #setStatus(uid: string, status: ResourceStatus, batch: Batch): void {
    this.world.statuses.set(uid, status);
    batch.statuses.set(uid, status);
  }

  #touchServer(server: ServerResource): void {
    for (const replica of this.world.replicasOfServer(server.uid)) this.touchReplica(replica);
    this.#retryWaiting = true;
  }

  #forgetModel(model: ModelResource): void {
    for (const key of [...this.world.failures.keys(), ...this.world.resolutions.keys()]) {
      if (!key.startsWith(model.uid)) continue;
      this.world.failures.delete(key);
      this.world.resolutions.delete(key);
    }
  }
}

function isNewer(resource: WorldResource, known: WorldResource): boolean {
  if (resource.version !== known.version) return resource.version > known.version;
  return resource.ownerGeneration !== known.ownerGeneration || resource.deleting !== known.deleting;
}

/** Takes up to `limit` keys out of a set, in one order whatever was added first. */
function take(set: Set<string>, limit: number): string[] {
  const keys = [...set].sort().slice(0, limit);
  for (const key of keys) set.delete(key);
  return keys;
}
