import { clientTokenView, createdClientToken, newClientName, revokedClientToken } from "@slipway/contracts";
import { createClientToken, listClientTokens, revokeClientToken } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput } from "./inputs.ts";

const deploymentInput = z.strictObject({
  name: z.string().min(1).max(63).describe("The deployment"),
  group: groupInput,
});
const deploymentOf = ({ name, group }: z.output<typeof deploymentInput>) => ({ deployment: name, group });

/** Credentials of the clients of a deployment. */
export const tokenRouter = router({
  create: procedure
    .meta({
      openapi: { method: "POST", path: "/deployments/{name}/tokens", summary: "Create a token; it is shown once" },
    })
    .input(
      deploymentInput.extend({
        client: newClientName,
        expiresInDays: z.int().min(1).max(3_650).nullable().exactOptional().describe("90 if unsaid; null = never"),
        renew: z.boolean().exactOptional().describe("Replace the token that the client has"),
      }),
    )
    .output(createdClientToken)
    .mutation(({ ctx, input: { client, expiresInDays, renew, ...input } }) =>
      createClientToken(ctx, {
        ...deploymentOf(input),
        client,
        ...(expiresInDays === undefined ? {} : { expiresInDays }),
        ...(renew === undefined ? {} : { renew }),
      }),
    ),

  list: procedure
    .meta({
      openapi: { method: "GET", path: "/deployments/{name}/tokens", summary: "Who has a token, without the tokens" },
    })
    .input(deploymentInput)
    .output(z.object({ items: z.array(clientTokenView) }))
    .query(async ({ ctx, input }) => ({ items: await listClientTokens(ctx, deploymentOf(input)) })),

  revoke: procedure
    .meta({
      openapi: { method: "DELETE", path: "/deployments/{name}/tokens/{client}", summary: "Revoke a token at once" },
    })
    .input(deploymentInput.extend({ client: z.string().max(63) }))
    .output(revokedClientToken)
    .mutation(({ ctx, input }) => revokeClientToken(ctx, { ...deploymentOf(input), client: input.client })),
});
