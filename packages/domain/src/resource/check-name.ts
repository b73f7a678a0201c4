import { NAME_PATTERN, NAME_RULE, numberedName, proposeName, type ResourceRef } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";

/** How many numbers are tried behind a name that is taken before nothing is proposed. */
const NUMBERS_TRIED = 200;

export type NameCheck = {
  isFree: boolean;
  /** Why it cannot be used, in a sentence; null when it can. */
  problem: string | null;
  /** One that can be used instead; null when this one can, or none was found. */
  proposal: string | null;
};

const row = z.object({ name: z.string(), isDeleting: z.boolean() });

/** Whether a new resource of this kind and group may have this name, and if not, one that it may have. */
export async function checkName(ctx: Context, { kind, group, name }: ResourceRef): Promise<NameCheck> {
  authorise(ctx.actor, "resource.read");
  const isAllowed = NAME_PATTERN.test(name);
  const base = isAllowed ? name : proposeName(name);
  const options = [base, ...Array.from({ length: NUMBERS_TRIED }, (_, index) => numberedName(base, index + 2))];
  const { rows } = await ctx.db.pool.query(
    `SELECT name, deleted_at IS NOT NULL AS "isDeleting" FROM resource
     WHERE kind = $1 AND "group" = $2 AND name = ANY($3::text[])`,
    [kind, group, options],
  );
  const taken = new Map(
    z
      .array(row)
      .parse(rows)
      .map((found) => [found.name, found.isDeleting]),
  );
  const free = base === "" ? null : (options.find((option) => !taken.has(option)) ?? null);
  if (!isAllowed) return { isFree: false, problem: `The name ${NAME_RULE}.`, proposal: free };
  const isDeleting = taken.get(name);
  if (isDeleting === undefined) return { isFree: true, problem: null, proposal: null };
  const what = `${kind.toLowerCase()} named ${name}`;
  const problem = isDeleting ? `A ${what} is still being deleted.` : `There is a ${what} already.`;
  return { isFree: false, problem, proposal: free };
}
