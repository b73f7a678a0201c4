import { savedView, savedViewName, savedViewPage, savedViewQuery } from "@slipway/contracts";
import { dropView, keepView, listSavedViews } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";

const pageInput = z.strictObject({ page: savedViewPage.default("deployments") });

/** Lists as somebody likes to see them, kept for each person. */
export const savedViewRouter = router({
  list: procedure
    .meta({ openapi: { method: "GET", path: "/saved-views", summary: "Views of a page: everybody's, then one's own" } })
    .input(pageInput)
    .output(z.object({ items: z.array(savedView) }))
    .query(async ({ ctx, input }) => ({ items: await listSavedViews(ctx, input) })),

  keep: procedure
    .meta({ openapi: { method: "POST", path: "/saved-views", summary: "Keep a view under a name, or replace it" } })
    .input(pageInput.extend({ name: savedViewName, query: savedViewQuery }))
    .output(savedView)
    .mutation(({ ctx, input }) => keepView(ctx, input)),

  drop: procedure
    .meta({ openapi: { method: "DELETE", path: "/saved-views/{id}", summary: "Remove a view of one's own" } })
    .input(z.strictObject({ id: z.uuid() }))
    .output(savedView)
    .mutation(({ ctx, input }) => dropView(ctx, input)),
});
