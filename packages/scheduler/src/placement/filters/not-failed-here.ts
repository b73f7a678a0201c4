import { placementKey } from "../../snapshot/keys.ts";
import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** A replica where the version failed a moment ago is left in peace for a while. */
export const notFailedHere: ReplicaFilter = {
  name: "failed",
  check(candidate, view, world, now) {
    const key = placementKey({
      modelUid: candidate.modelUid,
      version: candidate.version,
      serverUid: view.server.uid,
      replica: view.replica.index,
    });
    const failure = world.failures.get(key);
    if (failure === undefined || failure.untilMs <= now.monotonicMs) return pass;
    return fail("placement/failed_here", { replica: view.label, detail: failure.problem.text });
  },
};
