import type { Scorer } from "../candidate.ts";

/** Among equals the lowest index, so that high ones stay empty and can go first. */
export const lowestIndex: Scorer = { name: "lowest-index", score: (_candidate, view) => -view.replica.index };
