import { explainView, fitQuestion, fitView, MEMORY_RULE, memoryQuantity, serverReplicasView } from "@slipway/contracts";
import { fitModel, getResource, listServerReplicas, readServerReplicas } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput, objectName, refInput, refOf } from "./inputs.ts";

/** As the question's own schema has it, but for numbers as quantities, which no description of an API can say. */
const fitInput = z.strictObject({
  ...fitQuestion.shape,
  group: groupInput,
  memory: z
    .string()
    .max(40)
    .refine((text) => memoryQuantity.safeParse(text).success, MEMORY_RULE)
    .describe("What one replica takes, such as 200Mi or 2Gi"),
});
const anyGroupInput = z.union([groupInput, z.literal("*")]);

/** What only the leader knows. Reading the resource first says in the usual words that it is not there, or not yours. */
export const placementRouter = router({
  explain: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}/explain", summary: "Why it is where it is, or why not" } })
    .input(refInput)
    .output(explainView)
    .query(async ({ ctx, input, signal }) => {
      const ref = refOf(input);
      await getResource(ctx, ref);
      return ctx.scheduler.explain(ref, signal ?? new AbortController().signal);
    }),

  fit: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/servers/fit",
        summary: "Where a model would be placed now, and why not elsewhere",
      },
    })
    .input(fitInput)
    .output(fitView)
    .mutation(({ ctx, input, signal }) => fitModel(ctx, input, signal ?? new AbortController().signal)),

  replicas: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/server-replicas",
        summary: "What the replicas of a group's servers offer and hold",
      },
    })
    .input(z.strictObject({ group: anyGroupInput }))
    .output(z.object({ items: z.array(serverReplicasView) }))
    .query(async ({ ctx, input, signal }) => ({
      items: await listServerReplicas(ctx, input, signal ?? new AbortController().signal),
    })),

  server: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/servers/{name}/replicas",
        summary: "What the replicas of a server offer and hold",
      },
    })
    .input(
      z.strictObject({
        name: objectName,
        group: groupInput,
        modelsOf: anyGroupInput.describe("Whose models are named; others are counted. * = all that you may see"),
      }),
    )
    .output(serverReplicasView)
    .query(({ ctx, input, signal }) => readServerReplicas(ctx, input, signal ?? new AbortController().signal)),
});
