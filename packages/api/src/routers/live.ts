import { KIND_NAMES } from "@slipway/contracts";
import { authorise } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { groupInput } from "./inputs.ts";

/** News for an open page, over one connection. */
export const liveRouter = router({
  resources: procedure
    .input(z.strictObject({ kind: z.enum(KIND_NAMES).exactOptional(), group: z.union([groupInput, z.literal("*")]) }))
    .subscription(async function* ({ ctx, input, signal }) {
      authorise(ctx.actor, "resource.read");
      if (input.kind === undefined) authorise(ctx.actor, "registry.read");
      yield* ctx.watch.follow(input, signal ?? new AbortController().signal);
    }),
});
