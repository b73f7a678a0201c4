import type { ExplainView, ResourceRef } from "@slipway/contracts";
import type { ChangePlace } from "@slipway/db";

/** One line of a replica's log; `atMs` 0 = not known. */
export type LogLine = { source: string; atMs: number; text: string };

/** What only the leader of the schedulers can tell. All throw scheduler/no_leader when none answers. */
export type SchedulerPort = {
  /** Why an object's replicas are where they are, or not. */
  explain(ref: ResourceRef, signal: AbortSignal): Promise<ExplainView>;
  /** Resolves when every live router has applied a table that includes the change at that place of the feed. */
  awaitRouted(place: ChangePlace, signal: AbortSignal): Promise<void>;
  /** Lines of the replicas that hold the object, oldest first; goes on with new ones when `follow`. */
  logs(ref: ResourceRef, options: { tail: number; follow: boolean }, signal: AbortSignal): AsyncIterable<LogLine>;
};
