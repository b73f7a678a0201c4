import type { ResourceView } from "@slipway/contracts";
import { replicas } from "../terminal/words.ts";

export type Wanted = "live" | "stopped" | "deleted";

/** Whether what a person waits for has happened, cannot happen any more, or may still. */
export type Progress =
  | { verdict: "reached"; words: string }
  | { verdict: "failed"; words: string }
  | { verdict: "waiting"; words: string };

/**
 * Judges one reading of an object. `live` means that its newest generation serves; an update that failed while the old
 * version serves on has failed. A status that speaks of an older generation says nothing yet.
 */
export function judgeProgress(view: ResourceView, wanted: Wanted): Progress {
  const { metadata, status } = view;
  const words = describe(view);
  const isCurrent = status.observedGeneration >= metadata.generation;
  switch (wanted) {
    case "deleted":
      return { verdict: "waiting", words };
    case "stopped":
      return { verdict: isCurrent && status.lifecycle === "Stopped" ? "reached" : "waiting", words };
    case "live":
      break;
    default:
      return wanted satisfies never;
  }
  if (!isCurrent) return { verdict: "waiting", words };
  if (status.health === "Failed") return { verdict: "failed", words: status.message || words };
  if (status.lifecycle !== "Live") return { verdict: "waiting", words };
  const servesOlder = status.servingGeneration !== null && status.servingGeneration < metadata.generation;
  if (!servesOlder) return { verdict: "reached", words };
  if (status.health !== "Degraded") return { verdict: "waiting", words };
  return {
    verdict: "failed",
    words: `${status.message} Revision ${status.servingGeneration} serves on.`.trim(),
  };
}

/** The state in words: lifecycle, health, replicas, the step that runs, and the cause when there is one. */
export function describe({ status }: ResourceView): string {
  const step = status.progress.find(({ state }) => state === "running" || state === "failed");
  const parts = [
    `${status.lifecycle}, ${status.health}, ${replicas(status.replicas)} ready`,
    ...(step === undefined ? [] : [`step "${step.name}" ${step.state}`]),
    ...(status.message === "" ? [] : [status.message]),
  ];
  return parts.join(": ");
}
