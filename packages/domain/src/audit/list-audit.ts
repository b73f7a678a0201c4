import { type AuditView, auditView } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { readPosition, writePosition } from "../keyset.ts";
import { readTime } from "../metrics/metric-range.ts";

export const AUDIT_LIMIT = 200;
const EVERY_GROUP = "*";

export type ListAudit = {
  /** `*` = every group that the actor may see, and what belongs to no group, such as signing in. */
  group: string;
  /** Only what was done to objects of this kind. */
  kind?: string;
  /** Only what was done to objects of exactly this name. */
  name?: string;
  /** Only what this actor did, as the audit names them: `local-admin`, `user:ada`, `scheduler`. */
  actor?: string;
  /** Only this verb: `deployment.scale`. */
  action?: string;
  /** Only what was done since then and before then: ISO 8601, or as `-24h`. */
  from?: string;
  to?: string;
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
 * @throws auth/forbidden, request/invalid for a place that no list gave, or a time that is none
 */
export async function listAudit(ctx: Context, input: ListAudit): Promise<{ items: AuditView[]; next: string | null }> {
  authorise(ctx.actor, "audit.read");
  const limit = Math.min(input.limit ?? 50, AUDIT_LIMIT);
  const { where, values } = conditionsOf(input, ctx.clock.now());
  const { rows } = await ctx.db.pool.query(
    `SELECT id, at, actor, action, "group", kind, name, uid, request_id AS "requestId", message, diff FROM audit
     ${where} ORDER BY at DESC, id DESC LIMIT ${limit + 1}`,
    values,
  );
  const found = z.array(auditRow).parse(rows);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : writePosition([last.at, last.id]) };
}

/** Only what is asked for stands in the statement, so that the index of a group, or of time alone, serves it. */
function conditionsOf(input: ListAudit, nowMs: number): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (text: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(text(`$${values.length}`));
  };
  add((place) => `"group" = ${place}`, input.group === EVERY_GROUP ? undefined : input.group);
  add((place) => `kind = ${place}`, input.kind);
  add((place) => `name = ${place}`, input.name);
  add((place) => `actor = ${place}`, input.actor);
  add((place) => `action = ${place}`, input.action);
  add((place) => `at >= ${place}`, timeOf("from", input.from, nowMs));
  add((place) => `at < ${place}`, timeOf("to", input.to, nowMs));
  if (input.after !== undefined) {
    const [at, id] = readPosition(position, input.after);
    values.push(at, id);
    conditions.push(`(at, id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  return { where: conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`, values };
}

function timeOf(field: "from" | "to", text: string | undefined, nowMs: number): Date | undefined {
  return text === undefined ? undefined : new Date(readTime(field, text, nowMs));
}
