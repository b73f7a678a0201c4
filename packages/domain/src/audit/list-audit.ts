import { type AuditView, auditView } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readPosition, writePosition } from "../keyset.ts";

export const AUDIT_LIMIT = 200;

export type ListAudit = {
  /** `*` = every group that the actor may see, and what belongs to no group, such as signing in. */
  group: string;
  /** Only what was done to objects of this kind. */
  kind?: string;
  /** Only what was done to objects of exactly this name. */
  name?: string;
  /** Only what this actor did, as the audit names them: `local-admin`, `user:ada`, `scheduler`. */
  actor?: string;
  /** How many at most, up to 200. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
};

const auditRow = z
  .object({ ...auditView.shape, at: z.date() })
  .transform((row): AuditView => ({ ...row, at: row.at.toISOString() }));

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * A page of who did what, the newest first. What is done between two pages moves no entry from its place. An entry never
 * holds a secret, for none is written into one.
 * @throws auth/forbidden, request/invalid for a place that no list gave
 */
export async function listAudit(ctx: Context, input: ListAudit): Promise<{ items: AuditView[]; next: string | null }> {
  authorise(ctx.actor, "audit.read");
  const limit = Math.min(input.limit ?? 50, AUDIT_LIMIT);
  const [beforeAt, beforeId] = input.after === undefined ? [null, null] : readPosition(position, input.after);
  const { rows } = await ctx.db.pool.query(
    `SELECT id, at, actor, action, "group", kind, name, uid, request_id AS "requestId", message, diff FROM audit
     WHERE ($1 = '*' OR "group" = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR name = $3)
       AND ($4::text IS NULL OR actor = $4) AND ($5::timestamptz IS NULL OR (at, id) < ($5, $6::uuid))
     ORDER BY at DESC, id DESC LIMIT $7`,
    [input.group, input.kind ?? null, input.name ?? null, input.actor ?? null, beforeAt, beforeId, limit + 1],
  );
  const found = z.array(auditRow).parse(rows);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : writePosition([last.at, last.id]) };
}
