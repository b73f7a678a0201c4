import { auditView } from "@slipway/contracts";
import { AUDIT_LIMIT, listAudit } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput, kindOf, kindWord } from "./inputs.ts";

/** Who did what. */
export const activityRouter = router({
  list: procedure
    .meta({ openapi: { method: "GET", path: "/activity", summary: "Who did what to which object, newest first" } })
    .input(
      z.strictObject({
        group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
        kind: kindWord.exactOptional(),
        name: z.string().min(1).max(127).exactOptional().describe("Of the object, in full"),
        actor: z.string().min(1).max(200).exactOptional().describe("local-admin, scheduler or user:name"),
        limit: z.coerce.number().int().min(1).max(AUDIT_LIMIT).default(50),
        after: z.string().max(1_000).exactOptional().describe("`next` of the page before"),
      }),
    )
    .output(z.object({ items: z.array(auditView), next: z.string().nullable() }))
    .query(({ ctx, input: { kind, ...input } }) =>
      listAudit(ctx, { ...input, ...(kind === undefined ? {} : { kind: kindOf(kind) }) }),
    ),
});
