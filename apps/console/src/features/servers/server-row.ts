import type { Health, Lifecycle, ReplicaCounts, ResourceView, Traffic } from "@slipway/contracts";

/** What one line of the fleet shows. */
export type ServerRow = {
  uid: string;
  /** With the uid what a change says that it last read. */
  version: number;
  name: string;
  group: string;
  /** Free text for people; empty when there is none. */
  title: string;
  capabilities: readonly string[];
  lifecycle: Lifecycle;
  health: Health;
  traffic: Traffic;
  /** Cause and next action in words; empty when all is well. */
  message: string;
  replicas: ReplicaCounts;
  /** What is asked for, whether or not the scheduler has seen it. */
  wanted: number;
  /** Of its replicas together, in bytes; null until the scheduler has heard of them. */
  memory: { capacityBytes: number; usedBytes: number } | null;
};

/** Makes a line of what the API answers. The spec was checked when it was stored; this page does without the schemas. */
export function serverRow({ metadata, spec, status }: ResourceView): ServerRow {
  const wanted = typeof spec.replicas === "number" ? spec.replicas : status.replicas.wanted;
  return {
    uid: metadata.uid,
    version: metadata.version,
    name: metadata.name,
    group: metadata.group,
    title: metadata.title ?? "",
    capabilities: capabilitiesOf(spec),
    lifecycle: metadata.deletedAt === null ? status.lifecycle : "Deleting",
    health: status.health,
    traffic: status.traffic,
    message: status.message,
    replicas: { ...status.replicas, wanted },
    wanted,
    memory: status.memory,
  };
}

/** A server that does not say what it can load can load what its runtime is named after. */
function capabilitiesOf({ capabilities, runtime }: Readonly<Record<string, unknown>>): string[] {
  const said = Array.isArray(capabilities) ? capabilities : [runtime];
  return said.filter((one) => typeof one === "string");
}

type Memory = NonNullable<ServerRow["memory"]>;

/** The used part of a memory; above 1 when more is promised than there is. */
export function usedShare({ capacityBytes, usedBytes }: Memory): number {
  if (capacityBytes === 0) return usedBytes === 0 ? 0 : 1;
  return usedBytes / capacityBytes;
}

/** The same in whole percent. */
export function usedPercent(memory: Memory): number {
  return Math.round(usedShare(memory) * 100);
}

/** How full a memory is, from cool to hot. */
export type Heat = "roomy" | "filling" | "full" | "overcommitted";

/** From these parts on most models have to look for room, and nearly every model finds none any more. */
const FILLING_SHARE = 0.6;
const FULL_SHARE = 0.9;

export function heatOf(memory: Memory): Heat {
  const share = usedShare(memory);
  if (share > 1) return "overcommitted";
  return share >= FULL_SHARE ? "full" : share >= FILLING_SHARE ? "filling" : "roomy";
}
