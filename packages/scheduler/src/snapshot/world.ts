import type { ResourceStatus } from "@slipway/contracts";
import { SetIndex } from "./index-of-sets.ts";
import { modelVersionKey, placementKey, replicaKey } from "./keys.ts";
import type {
  DeploymentResource,
  Failure,
  ModelFacts,
  ModelResource,
  Placement,
  PublishedRoute,
  Replica,
  Retirement,
  Rollout,
  Router,
  RouteTokenRow,
  ServerResource,
  WorldResource,
} from "./types.ts";

/** What the scheduler knows, as reconcilers may read it. */
export type World = Omit<
  WorldStore,
  | "putResource"
  | "removeResource"
  | "putPlacement"
  | "removePlacement"
  | "replica"
  | "removeReplica"
  | "clearDeclared"
  | "setTokens"
>;

/**
 * The snapshot: declared state from the database and observed state from agents and routers, indexed so that each
 * question of a reconciler and each update costs the same however many models there are.
 */
export class WorldStore {
  readonly deployments = new Map<string, DeploymentResource>();
  readonly models = new Map<string, ModelResource>();
  readonly servers = new Map<string, ServerResource>();
  readonly placements = new Map<string, Placement>();
  readonly replicas = new Map<string, Replica>();
  readonly routers = new Map<string, Router>();
  readonly rollouts = new Map<string, Rollout>();
  readonly statuses = new Map<string, ResourceStatus>();
  readonly tokens = new Map<string, readonly RouteTokenRow[]>();
  /** Digest that a model version had when it was first loaded; later loads must find the same. */
  readonly resolutions = new Map<string, string>();
  readonly retirements = new Map<string, Retirement>();
  /** Placements that this leader made and that stood in no table yet: no router has ever heard of them. */
  readonly untold = new Set<string>();
  readonly failures = new Map<string, Failure>();
  /** Models with fewer replicas than asked for; any freed or new capacity tries them again. */
  readonly waiting = new Set<string>();
  readonly facts = new Map<string, ModelFacts>();
  /** Until when routers of a former leader may still use its table; monotonic milliseconds. */
  routersUnknownUntilMs = 0;
  /** The route of each deployment that routers were last told of, and since which version of the table. */
  readonly publishedRoutes = new Map<string, PublishedRoute>();

  readonly #byName = new Map<string, string>();
  readonly #children = new SetIndex<string>();
  readonly #placementsOfModel = new SetIndex<Placement>();
  readonly #placementsOfReplica = new SetIndex<Placement>();
  readonly #replicasOfServer = new Map<string, Map<number, Replica>>();
  readonly #placedBytes = new Map<string, number>();

  find(kind: WorldResource["kind"], group: string, name: string): WorldResource | undefined {
    const uid = this.#byName.get(`${kind}/${group}/${name}`);
    return uid === undefined ? undefined : this.resource(uid);
  }

  resource(uid: string): WorldResource | undefined {
    return this.deployments.get(uid) ?? this.models.get(uid) ?? this.servers.get(uid);
  }

  children(ownerUid: string): readonly ModelResource[] {
    return [...this.#children.get(ownerUid)]
      .flatMap((uid) => this.models.get(uid) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** In one order whatever happened before, so that equal worlds give equal plans. */
  placementsOfModel(modelUid: string): readonly Placement[] {
    return [...this.#placementsOfModel.get(modelUid)].sort(comparePlacements);
  }

  placementsOfReplica(serverUid: string, index: number): ReadonlySet<Placement> {
    return this.#placementsOfReplica.get(replicaKey(serverUid, index));
  }

  replicasOfServer(serverUid: string): readonly Replica[] {
    return [...(this.#replicasOfServer.get(serverUid)?.values() ?? [])].sort((a, b) => a.index - b.index);
  }

  /** Memory of everything that is placed on a replica, loaded or on its way, in bytes. */
  placedBytes(serverUid: string, index: number): number {
    return this.#placedBytes.get(replicaKey(serverUid, index)) ?? 0;
  }

  putResource(resource: WorldResource): void {
    this.removeResource(resource.uid);
    this.#byName.set(`${resource.kind}/${resource.group}/${resource.name}`, resource.uid);
    if (resource.ownerUid !== null) this.#children.add(resource.ownerUid, resource.uid);
    switch (resource.kind) {
      case "Deployment":
        this.deployments.set(resource.uid, resource);
        return;
      case "Model":
        this.models.set(resource.uid, resource);
        return;
      case "Server":
        this.servers.set(resource.uid, resource);
        return;
      default:
        resource satisfies never;
    }
  }

  removeResource(uid: string): WorldResource | undefined {
    const resource = this.resource(uid);
    if (resource === undefined) return undefined;
    const name = `${resource.kind}/${resource.group}/${resource.name}`;
    if (this.#byName.get(name) === uid) this.#byName.delete(name);
    if (resource.ownerUid !== null) this.#children.delete(resource.ownerUid, uid);
    this.deployments.delete(uid);
    this.models.delete(uid);
    this.servers.delete(uid);
    return resource;
  }

  putPlacement(placement: Placement): void {
    this.removePlacement(placementKey(placement));
    const replica = replicaKey(placement.serverUid, placement.replica);
    this.placements.set(placementKey(placement), placement);
    this.#placementsOfModel.add(placement.modelUid, placement);
    this.#placementsOfReplica.add(replica, placement);
    this.#placedBytes.set(replica, (this.#placedBytes.get(replica) ?? 0) + placement.memoryBytes);
  }

  removePlacement(key: string): Placement | undefined {
    const placement = this.placements.get(key);
    if (placement === undefined) return undefined;
    const replica = replicaKey(placement.serverUid, placement.replica);
    this.placements.delete(key);
    this.#placementsOfModel.delete(placement.modelUid, placement);
    this.#placementsOfReplica.delete(replica, placement);
    const left = (this.#placedBytes.get(replica) ?? 0) - placement.memoryBytes;
    if (this.#placementsOfReplica.count(replica) === 0) this.#placedBytes.delete(replica);
    else this.#placedBytes.set(replica, left);
    return placement;
  }

  /** The replica with this key, made when it is new: not connected, unseen, heard of now. */
  replica(serverUid: string, index: number, nowMs: number): Replica {
    const known = this.#replicasOfServer.get(serverUid)?.get(index);
    if (known !== undefined) return known;
    const made: Replica = {
      serverUid,
      index,
      connected: false,
      seen: false,
      heardMs: nowMs,
      draining: false,
      capabilities: [],
      gpus: [],
      memoryBytes: 0,
      modelServer: null,
      models: new Map(),
      readVersion: 0n,
      unassigned: new Map(),
    };
    const siblings = this.#replicasOfServer.get(serverUid);
    if (siblings === undefined) this.#replicasOfServer.set(serverUid, new Map([[index, made]]));
    else siblings.set(index, made);
    this.replicas.set(replicaKey(serverUid, index), made);
    return made;
  }

  removeReplica(serverUid: string, index: number): void {
    this.replicas.delete(replicaKey(serverUid, index));
    const siblings = this.#replicasOfServer.get(serverUid);
    siblings?.delete(index);
    if (siblings?.size === 0) this.#replicasOfServer.delete(serverUid);
  }

  /** Replaces the tokens of a deployment; the order in which rows were read does not matter. */
  setTokens(deploymentUid: string, tokens: readonly RouteTokenRow[]): void {
    if (tokens.length === 0) this.tokens.delete(deploymentUid);
    else this.tokens.set(deploymentUid, tokens);
  }

  /** Forgets all that came from the database; what agents and routers reported stays. */
  clearDeclared(): void {
    for (const uid of [...this.deployments.keys(), ...this.models.keys(), ...this.servers.keys()])
      this.removeResource(uid);
    for (const key of [...this.placements.keys()]) this.removePlacement(key);
    this.untold.clear();
    this.rollouts.clear();
    this.statuses.clear();
    this.tokens.clear();
    this.resolutions.clear();
    this.waiting.clear();
    this.facts.clear();
  }

  /** What an agent said of a placement; undefined when it has said nothing. */
  reportOf(placement: Placement) {
    return this.replicas
      .get(replicaKey(placement.serverUid, placement.replica))
      ?.models.get(modelVersionKey(placement.modelUid, placement.version));
  }
}

function comparePlacements(a: Placement, b: Placement): number {
  const [left, right] = [placementKey(a), placementKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
