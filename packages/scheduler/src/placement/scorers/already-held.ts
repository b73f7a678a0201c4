import type { Scorer } from "../candidate.ts";

/** Where another version of the model is, its users are closest to what they had. */
export const alreadyHeld: Scorer = { name: "already-held", score: (_candidate, view) => (view.holdsModel ? 1 : 0) };
