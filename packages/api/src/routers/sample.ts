import { SlipwayError } from "@slipway/contracts";
import { deploymentSample, getResource } from "@slipway/domain";
import { sampleRequest, signature } from "@slipway/inference";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput, objectName } from "./inputs.ts";

/** A request to try a deployment with: its spec's own, else that of its registered model, else one made from the signature of the model that serves. */
export const sampleRouter = router({
  get: procedure
    .meta({ openapi: { method: "GET", path: "/deployments/{name}/sample", summary: "A request to try it with" } })
    .input(z.strictObject({ name: objectName, group: groupInput }))
    .output(z.record(z.string(), z.unknown()))
    .query(async ({ ctx, input }) => {
      const deployment = await getResource(ctx, { kind: "Deployment", ...input });
      const own = await deploymentSample(ctx, deployment);
      if (own !== null) return own;
      const { sample, ...status } = deployment.status;
      const known = signature.safeParse(status.signature);
      // One that the model refused when it was loaded is no sample of it; an older load has not tried.
      const isRefused = sample !== null && sample.shapes === null;
      const made = known.success && !isRefused ? sampleRequest(known.data, sample?.shapes ?? undefined) : null;
      if (isRefused) throw new SlipwayError("model/no_sample", { model: input.name });
      if (made === null) throw new SlipwayError("model/not_ready", { model: input.name, state: "not loaded yet" });
      return { ...made };
    }),
});
