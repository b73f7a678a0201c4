import { auditView } from "@slipway/contracts";
import { AUDIT_LIMIT, type ListAudit, listAudit } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { cursorInput, signedPage } from "./cursors.ts";
import { groupInput, kindOf, kindWord } from "./inputs.ts";

/** What of the activity is asked for; an address of the console holds the same. */
export const activityFilter = z.strictObject({
  group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
  kind: kindWord.exactOptional(),
  name: z.string().min(1).max(127).exactOptional().describe("Of the object, in full"),
  actor: z.string().min(1).max(200).exactOptional().describe("local-admin, scheduler or user:name"),
  action: z.string().min(1).max(100).exactOptional().describe("The verb, such as deployment.scale"),
  from: z.string().min(1).max(40).exactOptional().describe("Since then: ISO 8601, or as -24h"),
  to: z.string().min(1).max(40).exactOptional().describe("Before then"),
});

/** The verb's input: kinds by their one name. */
export function auditQueryOf({ kind, ...filter }: z.output<typeof activityFilter>): ListAudit {
  return { ...filter, ...(kind === undefined ? {} : { kind: kindOf(kind) }) };
}

/** Who did what. */
export const activityRouter = router({
  list: procedure
    .meta({ openapi: { method: "GET", path: "/activity", summary: "Who did what to which object, newest first" } })
    .input(
      activityFilter.extend({
        limit: z.coerce.number().int().min(1).max(AUDIT_LIMIT).default(50),
        after: cursorInput,
      }),
    )
    .output(z.object({ items: z.array(auditView), next: z.string().nullable() }))
    .query(({ ctx, input: { limit, after, ...filter } }) =>
      signedPage(ctx, { list: "activity.list", after }, (place) =>
        listAudit(ctx, { ...auditQueryOf(filter), limit, ...place }),
      ),
    ),
});
