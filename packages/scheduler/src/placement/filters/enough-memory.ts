import type { ReplicaFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** Keeps a replica that can hold the model beside everything that it holds and that is on its way to it. */
export const enoughMemory: ReplicaFilter = {
  name: "memory",
  check(candidate, view) {
    if (candidate.memoryBytes <= view.freeBytes) return pass;
    return fail("placement/memory", {
      neededBytes: candidate.memoryBytes,
      freeBytes: view.freeBytes,
      replica: view.label,
    });
  },
};
