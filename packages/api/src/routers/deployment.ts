import { deploymentFacets, deploymentRowPage, resourceView } from "@slipway/contracts";
import { countFacets, listDeploymentRows, listDeployments } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { signedPage } from "./cursors.ts";
import { filterInput, filterOf, pageInput, pageOf } from "./deployment-inputs.ts";

/** Both forms of the list go on from each other's places. */
const LIST = "deployment.list";

/** Deployments as a list: narrowed, sorted, counted, page by page. */
export const deploymentRouter = router({
  list: procedure
    .meta({
      openapi: { method: "GET", path: "/deployments", summary: "List deployments, narrowed and sorted, page by page" },
    })
    .input(pageInput)
    .output(z.object({ items: z.array(resourceView), next: z.string().nullable() }))
    .query(({ ctx, input }) =>
      signedPage(ctx, { list: LIST, after: input.after }, (place) =>
        listDeployments(ctx, { ...pageOf(input), ...place }),
      ),
    ),

  rows: procedure
    .meta({
      openapi: { method: "GET", path: "/deployment-rows", summary: "The same list as short lines, 50 in 40 KB" },
    })
    .input(pageInput)
    .output(deploymentRowPage)
    .query(({ ctx, input }) =>
      signedPage(ctx, { list: LIST, after: input.after }, (place) =>
        listDeploymentRows(ctx, { ...pageOf(input), ...place }),
      ),
    ),

  facets: procedure
    .meta({
      openapi: { method: "GET", path: "/deployment-facets", summary: "How many deployments each filter would give" },
    })
    .input(filterInput)
    .output(deploymentFacets)
    .query(({ ctx, input }) => countFacets(ctx, filterOf(input))),
});
