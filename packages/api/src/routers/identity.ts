import { actorName, createSignInLink } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";

/** Who one is, and how others get in. */
export const identityRouter = router({
  whoami: procedure
    .meta({ openapi: { method: "GET", path: "/whoami", summary: "Who this credential is" } })
    .output(z.object({ actor: z.string() }))
    .query(({ ctx }) => ({ actor: actorName(ctx.actor) })),

  createLink: procedure
    .meta({ openapi: { method: "POST", path: "/login-links", summary: "A link that signs one browser in, once" } })
    .output(z.object({ url: z.string(), expiresAt: z.iso.datetime() }))
    .mutation(async ({ ctx }) => {
      const { secret, expiresAt } = await createSignInLink(ctx);
      // In the fragment, which no server and no log gets to see.
      return { url: `${ctx.publicUrl}/sign-in#${secret}`, expiresAt: expiresAt.toISOString() };
    }),
});
