import { whyNotReady } from "../../snapshot/replica-liveness.ts";
import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** New models go only where an agent is connected and its model server answers. */
export const replicaReady: ReplicaFilter = {
  name: "ready",
  check(_candidate, view) {
    const detail = whyNotReady(view.replica);
    return detail === null ? pass : fail("placement/replica_not_ready", { replica: view.label, detail });
  },
};
