import { type ResourceRef, type RevisionView, revisionView, SlipwayError } from "@slipway/contracts";
import type { Db, Tx } from "@slipway/db";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findUid } from "./find-uid.ts";

export const REVISIONS_LIMIT = 100;

const revisionRow = z
  .object({ ...revisionView.shape, createdAt: z.date() })
  .transform((row): RevisionView => ({ ...row, createdAt: row.createdAt.toISOString() }));

const SELECT = `
  SELECT generation, manifest, spec, actor, message, source, result, resolution, created_at AS "createdAt" FROM revision`;

/** The history of a resource, newest first, at most 100 from `before` on; also of one that was deleted. */
export async function listRevisions(
  ctx: Context,
  { ref, before, limit = REVISIONS_LIMIT }: { ref: ResourceRef; before?: number; limit?: number },
): Promise<RevisionView[]> {
  authorise(ctx.actor, "resource.read");
  const uid = await findUid(ctx, ref);
  const { rows } = await ctx.db.pool.query(
    `${SELECT} WHERE uid = $1 AND ($2::int IS NULL OR generation < $2) ORDER BY generation DESC LIMIT $3`,
    [uid, before ?? null, Math.min(limit, REVISIONS_LIMIT)],
  );
  return z.array(revisionRow).parse(rows);
}

/** One entry of it. @throws resource/not_found, resource/revision_not_found */
export async function getRevision(ctx: Context, ref: ResourceRef, generation: number): Promise<RevisionView> {
  authorise(ctx.actor, "resource.read");
  return readRevision(ctx.db.pool, { ...ref, uid: await findUid(ctx, ref) }, generation);
}

/** The same for whoever knows the uid, also inside a transaction. */
export async function readRevision(
  on: Tx | Db["pool"],
  { uid, kind, name }: ResourceRef & { uid: string },
  generation: number,
): Promise<RevisionView> {
  const { rows } = await on.query(`${SELECT} WHERE uid = $1 AND generation = $2`, [uid, generation]);
  if (rows.length === 0) throw new SlipwayError("resource/revision_not_found", { kind, name, generation });
  return revisionRow.parse(rows[0]);
}
