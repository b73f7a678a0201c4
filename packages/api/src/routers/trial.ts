import { name, trialAnswer, trialBody, trialProtocol } from "@slipway/contracts";
import { sendTrial } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput } from "./inputs.ts";

/** Calls of deployments by people who try them. */
export const trialRouter = router({
  send: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/deployments/{name}/try",
        summary: "Send a request to a deployment as the console, without a token of its own",
      },
    })
    .input(
      z.strictObject({
        name: name.describe("The deployment"),
        group: groupInput,
        body: trialBody.describe("What its model is asked; text goes as it is"),
        protocol: trialProtocol.default("v2").describe("v2 = Open Inference Protocol, seldon = Seldon's predictions"),
      }),
    )
    .output(trialAnswer)
    .mutation(({ ctx, input: { name: deployment, ...input }, signal = new AbortController().signal }) =>
      sendTrial(ctx, { ...input, deployment }, signal),
    ),
});
