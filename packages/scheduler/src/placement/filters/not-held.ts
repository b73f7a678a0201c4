import { modelVersionKey } from "../../snapshot/keys.ts";
import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** Replicas of one version are on distinct replicas of the server; one that is leaving counts until it is gone. */
export const notHeld: ReplicaFilter = {
  name: "distinct",
  check(candidate, view, world) {
    const key = modelVersionKey(candidate.modelUid, candidate.version);
    for (const placement of world.placementsOfModel(candidate.modelUid)) {
      if (placement.serverUid !== view.server.uid || placement.replica !== view.replica.index) continue;
      if (modelVersionKey(placement.modelUid, placement.version) !== key) continue;
      return fail("placement/holds_one", { replica: view.label });
    }
    return pass;
  },
};
