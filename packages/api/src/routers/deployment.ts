import { deploymentFacets, deploymentRowPage, resourceView } from "@slipway/contracts";
import { countFacets, listDeploymentRows, listDeployments } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { filterInput, filterOf, pageInput, pageOf } from "./deployment-inputs.ts";

/** Deployments as a list: narrowed, sorted, counted, page by page. */
export const deploymentRouter = router({
  list: procedure
    .meta({
      openapi: { method: "GET", path: "/deployments", summary: "List deployments, narrowed and sorted, page by page" },
    })
    .input(pageInput)
    .output(z.object({ items: z.array(resourceView), next: z.string().nullable() }))
    .query(({ ctx, input }) => listDeployments(ctx, pageOf(input))),

  rows: procedure
    .meta({
      openapi: { method: "GET", path: "/deployment-rows", summary: "The same list as short lines, 50 in 40 KB" },
    })
    .input(pageInput)
    .output(deploymentRowPage)
    .query(({ ctx, input }) => listDeploymentRows(ctx, pageOf(input))),

  facets: procedure
    .meta({
      openapi: { method: "GET", path: "/deployment-facets", summary: "How many deployments each filter would give" },
    })
    .input(filterInput)
    .output(deploymentFacets)
    .query(({ ctx, input }) => countFacets(ctx, filterOf(input))),
});
