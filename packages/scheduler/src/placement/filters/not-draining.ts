import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** A replica that was chosen to go takes no new model. */
export const notDraining: ReplicaFilter = {
  name: "draining",
  check(_candidate, view) {
    return view.replica.draining ? fail("placement/replica_draining", { replica: view.label }) : pass;
  },
};
