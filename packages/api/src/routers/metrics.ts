import { deploymentMetrics, deploymentRate } from "@slipway/contracts";
import { listDeploymentRates, readDeploymentMetrics } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput, objectName } from "./inputs.ts";

const time = z.string().min(2).max(40);
/** 1,000 uids with their commas. */
const UIDS_LENGTH = 37_000;

/** What deployments do over time. */
export const metricsRouter = router({
  deployment: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/deployments/{name}/metrics",
        summary: "Requests, latencies, replicas, CPU and memory over time, at most 500 points",
      },
    })
    .input(
      z.strictObject({
        name: objectName.describe("The deployment"),
        group: groupInput,
        from: time.exactOptional().describe("ISO 8601, or before now as -15m, -1h, -7d; an hour before `to` if unsaid"),
        to: time.exactOptional().describe("As `from`; now if unsaid"),
      }),
    )
    .output(deploymentMetrics)
    .query(({ ctx, input: { name, group, from, to } }) =>
      readDeploymentMetrics(ctx, {
        group,
        deployment: name,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }),
    ),

  rates: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/deployment-rates",
        summary: "Requests per second, p95 and errors of the last minute, the busiest first",
      },
    })
    .input(
      z.strictObject({
        group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
        uids: z
          .string()
          .max(UIDS_LENGTH)
          .exactOptional()
          .describe("Only these deployments, at most 1,000, with commas"),
      }),
    )
    .output(z.object({ items: z.array(deploymentRate) }))
    .query(async ({ ctx, input: { group, uids } }) => ({
      items: await listDeploymentRates(ctx, {
        group,
        ...(uids === undefined ? {} : { uids: uids.split(",").filter((uid) => uid !== "") }),
      }),
    })),
});
