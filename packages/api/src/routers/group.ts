import { groupView } from "@slipway/contracts";
import { listGroups } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";

/** The tenants. */
export const groupRouter = router({
  list: procedure
    .meta({ openapi: { method: "GET", path: "/groups", summary: "The groups that have something, with how much" } })
    .output(z.object({ items: z.array(groupView) }))
    .query(({ ctx }) => listGroups(ctx)),
});
