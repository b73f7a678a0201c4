import { create } from "@bufbuild/protobuf";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { ERROR_CODES, type ErrorCode } from "@slipway/contracts";
import { assignmentEntry, LevelSetSource, modelKeyText } from "@slipway/rpc";
import {
  type AgentCommand,
  AgentCommandSchema,
  type AgentHello,
  type AgentMessage,
  type AgentReport,
  type AssignedModel,
  AssignedModelSchema,
  type ModelReport as ModelReportMessage,
  ModelState,
} from "@slipway/rpc/control/agent";
import type { Logger } from "@slipway/service-kit";
import type { Planner } from "../planner/planner.ts";
import { modelVersionKey, replicaKey } from "../snapshot/keys.ts";
import type { ModelReport, Placement, Problem, Replica, ReportedState } from "../snapshot/types.ts";

export type AgentStream = ServerDuplexStream<AgentMessage, AgentCommand>;

export type AgentHubDeps = {
  planner: Planner;
  epoch: bigint;
  leaderId: string;
  /** Asked before each message: what a scheduler that leads no more would say must reach nobody. */
  mayTalk: () => boolean;
  /** Something was reported: planning may be due. */
  wake: () => void;
  nowMs: () => number;
  /** An agent has obeyed a higher epoch than ours. */
  onHigherEpoch: (epoch: bigint) => void;
  /** Whether a replica that is not in the snapshot may join. */
  mayJoin: (serverUid: string, index: number) => boolean;
  logger: Logger;
};

type Connection = { stream: AgentStream; replica: Replica; instanceId: string; sentVersion: bigint };

/** The agents' end of the control plane: puts their reports into the snapshot, and tells each what it should hold. */
export class AgentHub {
  readonly #deps: AgentHubDeps;
  readonly #sources = new Map<string, LevelSetSource<AssignedModel>>();
  readonly #connections = new Map<string, Connection>();

  constructor(deps: AgentHubDeps) {
    this.#deps = deps;
  }

  get connected(): number {
    return this.#connections.size;
  }

  /** Serves one stream from its hello to its end. */
  accept(stream: AgentStream, hello: AgentHello): void {
    const { planner, epoch, leaderId, onHigherEpoch, logger, nowMs } = this.#deps;
    const key = hello.replica;
    const server = key === undefined ? undefined : planner.world.find("Server", key.group, key.server);
    if (hello.highestEpoch > epoch) onHigherEpoch(hello.highestEpoch);
    if (key === undefined || server === undefined || hello.highestEpoch > epoch) {
      stream.end();
      return;
    }
    const id = replicaKey(server.uid, key.replica);
    if (!planner.world.replicas.has(id) && !this.#deps.mayJoin(server.uid, key.replica)) {
      stream.end();
      return;
    }
    const before = this.#connections.get(id);
    before?.stream.end();
    const replica = planner.world.replica(server.uid, key.replica, nowMs());
    replica.connected = true;
    replica.heardMs = nowMs();
    replica.capabilities = hello.capabilities;
    replica.memoryBytes = Number(hello.memoryBytes);
    replica.gpus = hello.gpus.map(({ name, memoryBytes }) => ({ name, memoryBytes: Number(memoryBytes) }));
    replica.readVersion = 0n;
    const connection: Connection = { stream, replica, instanceId: hello.instanceId, sentVersion: 0n };
    this.#connections.set(id, connection);
    stream.on("data", (message: AgentMessage) => this.#onMessage(connection, message));
    const onEnd = () => this.#onEnd(id, connection);
    stream.on("end", onEnd);
    stream.on("close", onEnd);
    stream.on("error", onEnd);
    logger.info({ replica: id, instanceId: hello.instanceId }, "an agent joined");
    this.#write(connection, create(AgentCommandSchema, { command: { case: "welcome", value: { epoch, leaderId } } }));
    this.#send(connection);
    planner.touchReplica(replica);
    this.#deps.wake();
  }

  /** Takes in what a stored batch changed of the assignments, and sends it. */
  publish(assignments: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [replicaId, versions] of assignments) {
      const replica = this.#deps.planner.world.replicas.get(replicaId);
      if (replica === undefined) continue;
      this.#update(replica, versions);
      const connection = this.#connections.get(replicaId);
      if (connection !== undefined) this.#send(connection);
    }
  }

  /** Ends the stream of a replica that is being removed. */
  disconnect(serverUid: string, index: number): void {
    const id = replicaKey(serverUid, index);
    this.#connections.get(id)?.stream.end();
    this.#connections.delete(id);
    this.#sources.delete(id);
  }

  /** Ends all streams; the agents look for the next leader. */
  close(): void {
    for (const { stream } of this.#connections.values()) stream.end();
    this.#connections.clear();
  }

  #source(replica: Replica): LevelSetSource<AssignedModel> {
    const id = replicaKey(replica.serverUid, replica.index);
    const known = this.#sources.get(id);
    if (known !== undefined) return known;
    const made = new LevelSetSource<AssignedModel>();
    this.#sources.set(id, made);
    const held = this.#deps.planner.world.placementsOfReplica(replica.serverUid, replica.index);
    this.#update(replica, new Set([...held].map(({ modelUid, version }) => modelVersionKey(modelUid, version))));
    return made;
  }

  #update(replica: Replica, versions: ReadonlySet<string>): void {
    const source = this.#source(replica);
    const upsert = [];
    const remove: string[] = [];
    const unloading: Placement[] = [];
    for (const version of versions) {
      const placement = this.#placement(replica, version);
      if (placement === undefined || placement.state === "unloading") remove.push(version);
      else upsert.push(assignmentEntry(assignedModel(placement)));
      if (placement?.state === "unloading") unloading.push(placement);
    }
    source.update(upsert, remove);
    for (const { modelUid, version } of unloading) {
      const key = modelVersionKey(modelUid, version);
      if (!replica.unassigned.has(key)) replica.unassigned.set(key, source.version);
      this.#deps.planner.touch(modelUid);
    }
  }

  #placement(replica: Replica, versionKey: string): Placement | undefined {
    return this.#deps.planner.world.placements.get(`${versionKey}@${replicaKey(replica.serverUid, replica.index)}`);
  }

  #send(connection: Connection): void {
    const source = this.#source(connection.replica);
    const messages = source.since(this.#deps.epoch, connection.sentVersion);
    for (const { header, upsert, remove } of messages) {
      const value = {
        set: header,
        upsert: upsert.map((entry) => entry.value),
        remove: remove.map((key) => {
          const [modelUid = "", version = ""] = key.split("/");
          return { modelUid, version };
        }),
      };
      this.#write(connection, create(AgentCommandSchema, { command: { case: "assignment", value } }));
    }
    connection.sentVersion = source.version;
  }

  #write({ stream }: Connection, command: AgentCommand): void {
    if (this.#deps.mayTalk()) stream.write(command);
    else stream.end();
  }

  #onMessage(connection: Connection, { message }: AgentMessage): void {
    const { replica } = connection;
    replica.heardMs = this.#deps.nowMs();
    switch (message.case) {
      case "report":
        this.#onReport(replica, message.value);
        this.#deps.wake();
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

  #onReport(replica: Replica, report: AgentReport): void {
    const { planner } = this.#deps;
    const touched = new Set<string>();
    if (report.full) {
      for (const key of replica.models.keys()) touched.add(key);
      replica.models.clear();
      replica.seen = true;
    }
    for (const model of report.models) {
      const key = modelKeyText(model.key);
      replica.models.set(key, toModelReport(model));
      touched.add(key);
    }
    for (const key of report.removed) {
      replica.models.delete(modelKeyText(key));
      touched.add(modelKeyText(key));
    }
    const hasRead = report.assignmentVersion !== replica.readVersion;
    replica.readVersion = report.assignmentVersion;
    if (hasRead) for (const key of replica.unassigned.keys()) touched.add(key);
    for (const key of touched) planner.touch(key.slice(0, key.indexOf("/")));
    const server = report.modelServer;
    if (server !== undefined) {
      const next = {
        ready: server.ready,
        reason: server.reason,
        addresses: { http: server.httpAddress, grpc: server.grpcAddress },
        crashes: server.crashes,
        residentBytes: Number(server.residentBytes),
        cpuMs: Number(server.cpuMs),
      };
      const now = replica.modelServer;
      const isOther =
        now === null ||
        now.ready !== next.ready ||
        now.reason !== next.reason ||
        now.addresses.http !== next.addresses.http ||
        now.addresses.grpc !== next.addresses.grpc;
      if (now !== null && next.crashes > now.crashes) {
        const message = `The model server of replica ${replica.index} crashed and is started again.`;
        planner.note(replica.serverUid, { reason: "Crashed", severity: "warning", message });
      }
      replica.modelServer = next;
      if (isOther) planner.touchReplica(replica);
    }
    if (report.full) planner.touchReplica(replica);
  }

  #onEnd(id: string, connection: Connection): void {
    if (this.#connections.get(id) !== connection) return;
    this.#connections.delete(id);
    connection.replica.connected = false;
    connection.replica.heardMs = this.#deps.nowMs();
    this.#deps.logger.info({ replica: id }, "an agent's stream ended");
    this.#deps.planner.touchReplica(connection.replica);
    this.#deps.wake();
  }
}

function assignedModel(placement: Placement): AssignedModel {
  const { modelUid, version, load, memoryBytes } = placement;
  return create(AssignedModelSchema, {
    key: { modelUid, version },
    displayName: load.displayName,
    uri: load.uri,
    format: load.format,
    sha256: load.sha256,
    memoryBytes: BigInt(memoryBytes),
    startTimeoutMs: BigInt(load.startTimeoutMs),
    batching: load.batching ?? "",
  });
}

function toModelReport(model: ModelReportMessage): ModelReport {
  const state = toState(model.state);
  return {
    state,
    problem: state === "failed" ? toProblem(model.errorCode, model.errorDataJson) : null,
    sha256: model.sha256,
    signatureJson: model.signatureJson,
    measuredBytes: Number(model.measuredBytes),
  };
}

function toState(state: ModelState): ReportedState {
  switch (state) {
    case ModelState.UNSPECIFIED:
    case ModelState.FETCHING:
      return "fetching";
    case ModelState.LOADING:
      return "loading";
    case ModelState.READY:
      return "ready";
    case ModelState.UNLOADING:
      return "unloading";
    case ModelState.FAILED:
      return "failed";
    default:
      return state satisfies never;
  }
}

/** An agent's error in the words of the table; one that this version does not know keeps nothing but its being one. */
function toProblem(code: string, dataJson: string): Problem {
  if (!isErrorCode(code)) return { code: "model/failed", text: `The model failed: ${code || "no reason was given"}` };
  try {
    const text: (data: never) => string = ERROR_CODES[code].text;
    return { code, text: Reflect.apply(text, undefined, [JSON.parse(dataJson)]) };
  } catch {
    return { code, text: `The model cannot be served (${code}).` };
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
