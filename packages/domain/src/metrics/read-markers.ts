import type { MetricMarker } from "@slipway/contracts";
import type { Db } from "@slipway/db";
import * as z from "zod";
import type { MetricRange } from "./metric-range.ts";

/** Changes that one chart shows at most: the latest of its range. */
export const MARKERS_LIMIT = 200;

const markerRow = z.object({
  at: z.date(),
  action: z.string(),
  generation: z.int(),
  actor: z.string(),
  message: z.string(),
});

/** What changed a deployment's spec in a range, the oldest first. */
export async function readMarkers(db: Db, uid: string, { fromMs, toMs }: MetricRange): Promise<MetricMarker[]> {
  // A revision and the audit of what made it are written in one transaction, so they carry the same time.
  const { rows } = await db.pool.query(
    `SELECT r.created_at AS at, a.action, r.generation, r.actor, r.message
     FROM revision r JOIN audit a ON a.uid = r.uid AND a.at = r.created_at
     WHERE r.uid = $1 AND r.created_at >= $2 AND r.created_at < $3 ORDER BY r.generation DESC LIMIT $4`,
    [uid, new Date(fromMs), new Date(toMs), MARKERS_LIMIT],
  );
  return z
    .array(markerRow)
    .parse(rows)
    .reverse()
    .map(({ action, at, ...row }) => ({ ...row, at: at.toISOString(), kind: kindOf(action) }));
}

function kindOf(action: string): MetricMarker["kind"] {
  switch (action) {
    case "deployment.scale":
      return "scale";
    case "deployment.rollback":
      return "rollback";
    case "deployment.stop":
      return "stop";
    case "deployment.start":
      return "start";
    default:
      return "deploy";
  }
}
