import type { GaugeSample } from "@slipway/recorder";
import { modelVersionKey, replicaKey } from "../snapshot/keys.ts";
import type { DeploymentResource, Placement } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

/** Processor time of one model server, and when its agent told it; milliseconds, the second ones monotonic. */
export type CpuReading = { cpuMs: number; toldMs: number };
export type CpuReadings = ReadonlyMap<string, CpuReading>;

/** What every model server has used so far, of those that say so. */
export function readCpu(world: World): CpuReadings {
  const readings = new Map<string, CpuReading>();
  for (const [id, { modelServer, heardMs }] of world.replicas) {
    if (modelServer !== null && modelServer.cpuMs > 0) readings.set(id, { cpuMs: modelServer.cpuMs, toldMs: heardMs });
  }
  return readings;
}

/**
 * What each deployment that runs looks like: replicas as its status says; memory as its models took it when they were
 * loaded; CPU of the model servers that hold it. A shared server is one process, so what it uses for one of its models
 * cannot be told apart from the rest, and no share is guessed. `overMs` = time since the readings before.
 */
export function sampleGauges(
  world: World,
  { before, now, atMs, overMs }: { before: CpuReadings; now: CpuReadings; atMs: number; overMs: number | null },
): GaugeSample[] {
  const samples: GaugeSample[] = [];
  for (const deployment of world.deployments.values()) {
    const replicas = world.statuses.get(deployment.uid)?.replicas;
    if (replicas === undefined || (replicas.ready === 0 && replicas.wanted === 0)) continue;
    const placements = placementsOf(world, deployment);
    const cores = overMs === null ? null : coresOf(placements, before, now);
    samples.push({
      deploymentUid: deployment.uid,
      atMs,
      replicasReady: replicas.ready,
      replicasWanted: replicas.wanted,
      cpuMs: cores === null || overMs === null ? null : Math.round(cores * overMs),
      cpuOverMs: cores === null || overMs === null ? null : Math.round(overMs),
      memoryBytes: memoryOf(world, placements),
    });
  }
  return samples;
}

function placementsOf(world: World, { uid }: DeploymentResource): Placement[] {
  return world.children(uid).flatMap((model) => [...world.placementsOfModel(model.uid)]);
}

/** Cores used by the servers that hold any of these, each server once; null when none can be told. */
function coresOf(placements: readonly Placement[], before: CpuReadings, now: CpuReadings): number | null {
  let cores: number | null = null;
  for (const id of new Set(placements.map(({ serverUid, replica }) => replicaKey(serverUid, replica)))) {
    const [last, present] = [before.get(id), now.get(id)];
    if (last === undefined || present === undefined || present.toldMs <= last.toldMs) continue;
    // A server that was started again begins at 0.
    const usedMs = present.cpuMs >= last.cpuMs ? present.cpuMs - last.cpuMs : present.cpuMs;
    cores = (cores ?? 0) + usedMs / (present.toldMs - last.toldMs);
  }
  return cores;
}

/** Null when no load was measured; a model too small to be seen in the memory of its server measures 0. */
function memoryOf(world: World, placements: readonly Placement[]): number | null {
  let bytes: number | null = null;
  for (const { modelUid, version, serverUid, replica } of placements) {
    const held = world.replicas.get(replicaKey(serverUid, replica))?.models.get(modelVersionKey(modelUid, version));
    if (held?.state === "ready") bytes = (bytes ?? 0) + held.measuredBytes;
  }
  return bytes === 0 ? null : bytes;
}
