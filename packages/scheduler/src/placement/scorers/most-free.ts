import type { Scorer } from "../candidate.ts";

/** Spreads evenly: the replica with the most free memory comes first. */
export const mostFree: Scorer = { name: "most-free", score: (_candidate, view) => view.freeBytes };
