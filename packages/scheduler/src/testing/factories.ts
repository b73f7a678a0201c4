import { Deployment, type DeploymentSpec, Model, Server } from "@slipway/contracts";
import type { DeploymentResource, ModelResource, Replica, ServerResource } from "../snapshot/types.ts";
import type { WorldStore } from "../snapshot/world.ts";

const MI = 1024 * 1024;

type Base = { uid?: string; group?: string; generation?: number; deleting?: boolean };

export function aServer(name: string, spec: Record<string, unknown> = {}, base: Base = {}): ServerResource {
  return { ...baseOf(name, base, "platform"), kind: "Server", spec: Server.spec.parse(spec) };
}

export function aDeployment(
  name: string,
  spec: Partial<Pick<DeploymentSpec, "running">> & { replicas?: number; uri?: string; memory?: string } = {},
  base: Base = {},
): DeploymentResource {
  const parsed = Deployment.spec.parse({
    variants: [{ model: { uri: spec.uri ?? "file:/models/a.onnx" } }],
    scaling: { replicas: spec.replicas ?? 1 },
    ...(spec.memory === undefined ? {} : { resources: { memory: spec.memory } }),
    ...(spec.running === undefined ? {} : { running: spec.running }),
  });
  return { ...baseOf(name, base, "default"), kind: "Deployment", spec: parsed, resolution: {} };
}

export function aModel(name: string, spec: Record<string, unknown> = {}, base: Base = {}): ModelResource {
  return {
    ...baseOf(name, base, "default"),
    kind: "Model",
    spec: Model.spec.parse({ storageUri: "file:/models/a.onnx", ...spec }),
  };
}

function baseOf(name: string, base: Base, group: string) {
  const generation = base.generation ?? 1;
  return {
    uid: base.uid ?? name,
    group: base.group ?? group,
    name,
    generation,
    version: generation,
    ownerUid: null,
    ownerGeneration: null,
    deleting: base.deleting ?? false,
  };
}

/** A replica whose agent is connected and whose model server answers. */
export function readyReplica(world: WorldStore, serverUid: string, index: number, memoryMi = 1_024): Replica {
  const replica = world.replica(serverUid, index, 0);
  Object.assign(replica, {
    connected: true,
    seen: true,
    capabilities: ["onnx"],
    memoryBytes: memoryMi * MI,
    modelServer: {
      ready: true,
      reason: "",
      addresses: { http: `127.0.0.1:${8_000 + index}`, grpc: `127.0.0.1:${9_000 + index}` },
      crashes: 0,
      residentBytes: 0,
      cpuMs: 0,
    },
  } satisfies Partial<Replica>);
  return replica;
}
