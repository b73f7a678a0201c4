import { create } from "@bufbuild/protobuf";
import { assignmentEntry, type LevelSetReplica, modelKeyText } from "@slipway/rpc";
import { type AssignedModel, type Assignment, AssignmentMismatchSchema } from "@slipway/rpc/control/agent";
import type { Converger } from "../converge/converger.ts";
import type { AgentMetrics } from "../metrics.ts";
import type { Reporter } from "../reports/reporter.ts";
import type { AssignmentStore } from "./assignment-store.ts";
import type { Send } from "./scheduler-link.ts";

export type AssignmentDeps = {
  set: LevelSetReplica<AssignedModel>;
  store: AssignmentStore;
  converger: Converger;
  reporter: Reporter;
  metrics: AgentMetrics;
};

/** Applies one message of the assignment; false when its epoch is over. */
export function takeAssignment(message: Assignment, send: Send, deps: AssignmentDeps): boolean {
  const { set, store, converger, reporter, metrics } = deps;
  if (message.set === undefined) return true;
  const received = set.receive(message.set, {
    upsert: message.upsert.map(assignmentEntry),
    remove: message.remove.map(modelKeyText),
  });
  switch (received.kind) {
    case "partial":
      return true;
    case "stale_epoch":
      metrics.staleEpochs.inc();
      return false;
    case "mismatch":
      metrics.mismatches.inc();
      send({ case: "mismatch", value: create(AssignmentMismatchSchema, { version: set.version }) });
      return true;
    case "complete": {
      const models = new Map([...received.entries].map(([key, { value }]) => [key, value]));
      const previous = store.models;
      store.keepEpoch(set.epoch);
      store.keepModels(models);
      converger.assign(models, changedModels(previous, models, received.changed));
      reporter.changed();
      return true;
    }
    default:
      return received satisfies never;
  }
}

/** Of the keys that a message named, those whose content is another one. A whole set names every key. */
function changedModels(
  previous: ReadonlyMap<string, AssignedModel> | null,
  next: ReadonlyMap<string, AssignedModel>,
  named: ReadonlySet<string>,
): Set<string> {
  const bytesOf = (model: AssignedModel | undefined) =>
    model === undefined ? "" : Buffer.from(assignmentEntry(model).bytes).toString("base64");
  return new Set([...named].filter((key) => bytesOf(previous?.get(key)) !== bytesOf(next.get(key))));
}
