import { explainView } from "@slipway/contracts";
import { getResource } from "@slipway/domain";
import { procedure, router } from "../trpc.ts";
import { refInput, refOf } from "./inputs.ts";

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
});
