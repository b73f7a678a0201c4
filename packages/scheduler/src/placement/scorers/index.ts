import type { Candidate, ReplicaView, Scorer } from "../candidate.ts";
import { alreadyHeld } from "./already-held.ts";
import { lowestIndex } from "./lowest-index.ts";
import { mostFree } from "./most-free.ts";

/** The first that tells two replicas apart decides. */
export const SCORERS: readonly Scorer[] = [alreadyHeld, mostFree, lowestIndex];

/** Orders replicas from the best to the worst. */
export function byScore(candidate: Candidate): (a: ReplicaView, b: ReplicaView) => number {
  return (a, b) => {
    for (const scorer of SCORERS) {
      const difference = scorer.score(candidate, b) - scorer.score(candidate, a);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}
