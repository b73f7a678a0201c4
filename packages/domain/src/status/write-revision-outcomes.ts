import type { Tx } from "@slipway/db";
import { authorise } from "../actor.ts";
import type { Writer } from "../context.ts";

/** What became of a generation: whether it came to serve, and what its spec resolved to when it was first loaded. */
export type RevisionOutcome = {
  uid: string;
  generation: number;
  result?: "succeeded" | "failed";
  resolution?: Record<string, unknown>;
};

/** What of a revision's resolution was decided when it was written; it stays. */
const REGISTERED = `coalesce((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(v.resolution) e
  WHERE jsonb_typeof(e.value) = 'object' AND e.value ? 'registered'), '{}')`;

/**
 * Notes outcomes in the history, in one statement; a field that is unsaid stays. A result never returns to a revision that
 * was superseded. For the scheduler, inside its epoch's transaction.
 */
export async function writeRevisionOutcomes(
  tx: Tx,
  writer: Writer,
  outcomes: readonly RevisionOutcome[],
): Promise<void> {
  authorise(writer.actor, "controller.write");
  if (outcomes.length === 0) return;
  await tx.query(
    `UPDATE revision v SET resolution = CASE WHEN x.resolution IS NULL THEN v.resolution ELSE x.resolution || ${REGISTERED} END,
       result = CASE WHEN x.result IS NULL OR v.result = 'superseded' THEN v.result ELSE x.result END
     FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, generation int, result text, resolution jsonb)
     WHERE v.uid = x.uid AND v.generation = x.generation`,
    [JSON.stringify(outcomes)],
  );
}
