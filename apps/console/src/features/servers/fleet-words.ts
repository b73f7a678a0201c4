import type { ExplainView, GpuView, HeldModelView, ServerReplicasView, ServerReplicaView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import type { Tone } from "@slipway/ui/badge";
import type { IconName } from "@slipway/ui/icon";

type Verdict = ExplainView["servers"][number]["verdict"];

/** One line of the answer to where a model fits: a server, or one of its replicas. */
export type FitLine = { key: string; where: string; verdict: Verdict; free: string; why: string; isServer: boolean };

/** The answer line by line, each server before its replicas; a replica that lacks memory says how much. */
export function fitLines(servers: ExplainView["servers"], neededBytes: number): FitLine[] {
  return servers.flatMap(({ server, verdict, reason, replicas }) => [
    { key: server, where: server, verdict, free: "", why: sentence(reason), isServer: true },
    ...replicas.map((one) => ({
      key: `${server}-${one.replica}`,
      where: `replica ${one.replica}`,
      verdict: one.verdict,
      free: formatMemory(one.freeBytes),
      why: `${sentence(one.reason)}${shortage(one, neededBytes)}`,
      isServer: false,
    })),
  ]);
}

function shortage(one: { filter: string | null; freeBytes: number }, neededBytes: number): string {
  return one.filter === "memory" ? ` That is ${formatMemory(neededBytes - one.freeBytes)} too little.` : "";
}

function sentence(reason: string): string {
  const text = `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}`;
  return /[.!?N]$/.test(text) ? text : `${text}.`;
}

/** A verdict as icon and word. */
export const VERDICT_LOOKS: { readonly [Name in Verdict]: { icon: IconName; tone: Tone; word: string } } = {
  chosen: { icon: "check", tone: "good", word: "Holds it" },
  possible: { icon: "check", tone: "good", word: "Fits" },
  rejected: { icon: "cross", tone: "warn", word: "Does not fit" },
};

/** What a model on a replica is doing. */
export const MODEL_STATE_WORDS: Readonly<Record<HeldModelView["state"], string>> = {
  waiting: "waiting",
  fetching: "being fetched",
  loading: "loading",
  ready: "ready",
  failed: "failed",
  leaving: "leaving",
};

/** Resident memory of a server's model servers together; null when none of them was heard of. */
export function measuredBytesOf({ replicas }: Pick<ServerReplicasView, "replicas">): number | null {
  const known = replicas.flatMap(({ measuredBytes }) => (measuredBytes === null ? [] : [measuredBytes]));
  return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0);
}

/** How many models a server holds or is to hold, each counted once however many replicas it has. */
export function modelCountOf({ replicas }: Pick<ServerReplicasView, "replicas">): { own: number; others: number } {
  const own = new Set(replicas.flatMap(({ models }) => models.map(({ group, model }) => `${group}/${model}`)));
  return { own: own.size, others: Math.max(0, ...replicas.map(({ others }) => others.count)) };
}

/** The GPUs that agents found, equal ones counted: `2 × NVIDIA H200, 141 GiB`; `none` is what they say without one. */
export function gpuWords(replicas: readonly Pick<ServerReplicaView, "gpus">[]): string {
  const counts = new Map<string, number>();
  for (const { name, memoryBytes } of replicas.flatMap(({ gpus }) => gpus) satisfies GpuView[]) {
    const words = `${name}, ${formatMemory(memoryBytes)}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => (count === 1 ? words : `${count} × ${words}`)).join("; ") || "none";
}
