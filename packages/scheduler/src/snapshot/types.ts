import type { DeploymentSpec, ErrorCode, GpuView, ModelSpec, Resolution, ServerSpec } from "@slipway/contracts";

/** The moment a plan is made at: the wall clock for people, the monotonic one for deadlines. */
export type Now = { wallMs: number; monotonicMs: number };

type ResourceBase = {
  uid: string;
  group: string;
  name: string;
  generation: number;
  version: number;
  ownerUid: string | null;
  /** Generation of the owner that this spec was compiled from; null without an owner. */
  ownerGeneration: number | null;
  deleting: boolean;
};
export type DeploymentResource = ResourceBase & {
  kind: "Deployment";
  spec: DeploymentSpec;
  /** What its references to registered models stand for, by variant. */
  resolution: Resolution;
};
export type ModelResource = ResourceBase & { kind: "Model"; spec: ModelSpec };
export type ServerResource = ResourceBase & { kind: "Server"; spec: ServerSpec };
export type WorldResource = DeploymentResource | ModelResource | ServerResource;

/** Where a model server answers. */
export type Addresses = { http: string; grpc: string };

/** What an agent has to know to load a model version. */
export type Load = {
  uri: string;
  format: string;
  sha256: string;
  startTimeoutMs: number;
  displayName: string;
  /** The owner's word on whether requests are joined; left out where the model's graph decides. */
  batching?: "on" | "off" | undefined;
};

/**
 * wanted: load and serve. retiring: routes leave it. unloading: every router has released it, the agent lets it go.
 * The row is deleted when the agent no longer holds it.
 */
export type PlacementState = "wanted" | "retiring" | "unloading";

export type PlacementKey = { modelUid: string; version: string; serverUid: string; replica: number };

/** A model version on a replica, as decided. */
export type Placement = PlacementKey & {
  /** Generation of the Model that decided it. */
  generation: number;
  memoryBytes: number;
  state: PlacementState;
  load: Load;
  /** Where it answered when it was last seen ready; null until then. */
  serving: Addresses | null;
};

/** An error of the table as data, so that it can be kept, compared and told in words. */
export type Problem = { code: ErrorCode; text: string };

export type ReportedState = "fetching" | "loading" | "ready" | "unloading" | "failed";

/** What an agent says of one model version. */
export type ModelReport = {
  state: ReportedState;
  /** Only when it failed. */
  problem: Problem | null;
  sha256: string;
  signatureJson: string;
  measuredBytes: number;
};

export type ModelServerReport = {
  ready: boolean;
  reason: string;
  addresses: Addresses;
  crashes: number;
  residentBytes: number;
  /** Processor time since the process started, in milliseconds; 0 = not known. */
  cpuMs: number;
};

/** One replica of a server: what its agent last said, and since when nothing was heard. */
export type Replica = {
  serverUid: string;
  index: number;
  /** An agent's stream is open. */
  connected: boolean;
  /** This leader has had a full report of it; until then placements tell what it held. */
  seen: boolean;
  /** When it was last heard of; of an unseen one, when this leader began to wait. Monotonic milliseconds. */
  heardMs: number;
  /** Chosen to go: takes no new model. */
  draining: boolean;
  capabilities: readonly string[];
  /** What it offers to models; 0 until its agent said so. */
  memoryBytes: number;
  /** What its agent found on its machine. */
  gpus: readonly GpuView[];
  modelServer: ModelServerReport | null;
  models: Map<string, ModelReport>;
  /** Version of the assignment that its agent has read. */
  readVersion: bigint;
  /** Since which version of the assignment a model version is no longer in it. */
  unassigned: Map<string, bigint>;
};

/** A router that joined this leader. */
export type Router = {
  id: string;
  connected: boolean;
  /** When it last said which table it applied; monotonic milliseconds. */
  appliedMs: number;
  appliedVersion: bigint;
  /** Targets that it has let go since they left the table. */
  released: Set<string>;
};

/** Where an update stands. Generations are those of the owner where there is one, so that people read them. */
export type Rollout = {
  uid: string;
  stableGeneration: number | null;
  stableVersion: string | null;
  /** What to load for the stable version, and its memory. */
  stableLoad: (Load & { memoryBytes: number }) | null;
  targetGeneration: number | null;
  targetVersion: string | null;
  failedGeneration: number | null;
  /** Why that one failed. */
  failure: Problem | null;
};

/** What a model's reconciler found, kept for the statuses of the model and of its deployment. */
export type ModelFacts = {
  /** Generation of the owner, or its own, that these facts are about. */
  attempt: number;
  version: string;
  wanted: number;
  /** Placements of the version asked for. */
  placed: number;
  /** Of these, how many are on their way. */
  starting: number;
  /** Of these, how many answer. */
  readyNew: number;
  /** How many answer, of whatever version. */
  ready: number;
  /** Placements that are leaving. */
  leaving: number;
  fetched: boolean;
  fetching: boolean;
  /** This attempt answers and nothing older is wanted any more. */
  promoted: boolean;
  /** Generation of owner that answers now; null when none does. */
  servingGeneration: number | null;
  /** Why this attempt failed for good; null when it did not. */
  failed: Problem | null;
  /** Why there are fewer placements than asked for; null when there are enough. */
  lacking: Problem | null;
  /** Why a placed replica does not answer though it is loaded or should be; null when all is well. */
  broken: Problem | null;
  signatureJson: string;
};

/** A route as routers were told of it. */
export type PublishedRoute = { bytes: Uint8Array; tableVersion: bigint };

/** Since when a target is out of the route table. */
export type Retirement = { tableVersion: bigint; atMs: number };

/** Why a model version was taken off a replica, and when it may be tried there again; monotonic milliseconds. */
export type Failure = { problem: Problem; untilMs: number };

export type RouteTokenRow = {
  client: string;
  hmac: Uint8Array;
  expiresAtMs: number;
  revokedAtMs: number;
  replacedAtMs: number;
  /** What it is good for, as it is stored. */
  methods: readonly string[];
};
