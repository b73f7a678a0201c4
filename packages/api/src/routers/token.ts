import {
  clientTokenView,
  createdClientToken,
  MAX_OVERLAP_HOURS,
  newClientName,
  revokedClientToken,
  rotatedClientToken,
  tokenDays,
  tokenScope,
} from "@slipway/contracts";
import { createClientToken, listClientTokens, revokeClientToken, rotateClientToken } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput, objectName } from "./inputs.ts";

const deploymentInput = z.strictObject({
  name: objectName.describe("The deployment"),
  group: groupInput,
});
const deploymentOf = ({ name, group }: z.output<typeof deploymentInput>) => ({ deployment: name, group });

const expiryInput = tokenDays.exactOptional().describe("90 if unsaid; null = never");
const scopeInput = tokenScope.exactOptional();

/** Credentials of the clients of a deployment. */
export const tokenRouter = router({
  create: procedure
    .meta({
      openapi: { method: "POST", path: "/deployments/{name}/tokens", summary: "Create a token; it is shown once" },
    })
    .input(
      deploymentInput.extend({
        client: newClientName,
        expiresInDays: expiryInput,
        scope: scopeInput.describe("What it is good for; everything if unsaid"),
        renew: z.boolean().exactOptional().describe("Replace the token that the client has"),
      }),
    )
    .output(createdClientToken)
    .mutation(({ ctx, input: { name, group, ...input } }) =>
      createClientToken(ctx, { ...deploymentOf({ name, group }), ...input }),
    ),

  rotate: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/deployments/{name}/tokens/{client}/rotate",
        summary: "Give a client a new token, shown once, while its old one goes on for a while",
      },
    })
    .input(
      deploymentInput.extend({
        client: z.string().min(1).max(63),
        overlapHours: z
          .int()
          .min(0)
          .max(MAX_OVERLAP_HOURS)
          .exactOptional()
          .describe("How long the old token goes on; 24 if unsaid, 0 = it ends at once"),
        expiresInDays: expiryInput,
        scope: scopeInput.describe("Of the new token; that of the old one if unsaid"),
      }),
    )
    .output(rotatedClientToken)
    .mutation(({ ctx, input: { name, group, ...input } }) =>
      rotateClientToken(ctx, { ...deploymentOf({ name, group }), ...input }),
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
      openapi: {
        method: "DELETE",
        path: "/deployments/{name}/tokens/{client}",
        summary: "Revoke at once what a client has",
      },
    })
    .input(
      deploymentInput.extend({
        client: z.string().max(63),
        token: z
          .string()
          .min(4)
          .max(64)
          .exactOptional()
          .describe("Only this one: its id, its hint, or its last four characters"),
      }),
    )
    .output(revokedClientToken)
    .mutation(({ ctx, input: { name, group, ...input } }) =>
      revokeClientToken(ctx, { ...deploymentOf({ name, group }), ...input }),
    ),
});
