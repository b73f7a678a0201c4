import type { ReplicaFilter, ServerFilter } from "../candidate.ts";
import { capability } from "./capability.ts";
import { enoughMemory } from "./enough-memory.ts";
import { hasReplicas } from "./has-replicas.ts";
import { namedServer } from "./named-server.ts";
import { notDraining } from "./not-draining.ts";
import { notFailedHere } from "./not-failed-here.ts";
import { notHeld } from "./not-held.ts";
import { oneServer } from "./one-server.ts";
import { replicaReady } from "./replica-ready.ts";
import { tenancy } from "./tenancy.ts";

/** Whether a server may hold a model at all; the first no is the reason. */
export const SERVER_FILTERS: readonly ServerFilter[] = [tenancy, namedServer, oneServer, hasReplicas];

/** Whether a replica can take one; memory comes last, so that its numbers speak of replicas that would do otherwise. */
export const REPLICA_FILTERS: readonly ReplicaFilter[] = [
  notHeld,
  notDraining,
  replicaReady,
  capability,
  notFailedHere,
  enoughMemory,
];
