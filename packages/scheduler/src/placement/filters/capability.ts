import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** Each replica says for itself what it can load. */
export const capability: ReplicaFilter = {
  name: "capability",
  check(candidate, view) {
    if (view.replica.capabilities.includes(candidate.capability)) return pass;
    return fail("placement/capability", { replica: view.label, capability: candidate.capability });
  },
};
