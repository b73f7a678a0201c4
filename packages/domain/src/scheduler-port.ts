import type {
  ExplainView,
  FitQuestion,
  FitView,
  LogAnswer,
  LogQuery,
  ResourceRef,
  ServerReplicasView,
} from "@slipway/contracts";
import type { ChangePlace } from "@slipway/db";

/** Which servers, and whose models on them are named: `*` = of every group. */
export type ReplicasQuestion = { groups: readonly string[]; server?: string; modelsOf: string };

/** What only the leader of the schedulers can tell. All throw scheduler/no_leader when none leads, scheduler/timeout when one does not answer in time. */
export type SchedulerPort = {
  /** Why an object's replicas are where they are, or not. */
  explain(ref: ResourceRef, signal: AbortSignal): Promise<ExplainView>;
  /** Whether and where a model that is not there would be placed. */
  fit(question: FitQuestion, signal: AbortSignal): Promise<FitView>;
  /** What the replicas of servers offer and hold, by group and name. */
  replicas(question: ReplicasQuestion, signal: AbortSignal): Promise<ServerReplicasView[]>;
  /** Resolves when every live router has applied a table that includes the change at that place of the feed. */
  awaitRouted(place: ChangePlace, signal: AbortSignal): Promise<void>;
  /**
   * Lines of the replicas that hold the object or held it, or where something is found in them.
   * @throws request/invalid, logs/search_too_slow, logs/too_many_searches, logs/timeout
   */
  readLogs(ref: ResourceRef, query: LogQuery, signal: AbortSignal): Promise<LogAnswer>;
};
