import { accountView } from "@slipway/contracts";
import {
  actorName,
  createSignInLink,
  endSessions,
  newPassword,
  readAccount,
  removePasskey,
  setPassword,
  userName,
} from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";

const idInput = z.strictObject({ id: z.string().min(1).max(100) });

/** Who one is, and how others get in. */
export const identityRouter = router({
  whoami: procedure
    .meta({ openapi: { method: "GET", path: "/whoami", summary: "Who this credential is" } })
    .output(z.object({ actor: z.string() }))
    .query(({ ctx }) => ({ actor: actorName(ctx.actor) })),

  createLink: procedure
    .meta({ openapi: { method: "POST", path: "/login-links", summary: "A link that signs one browser in, once" } })
    .input(
      z.strictObject({
        user: userName
          .exactOptional()
          .describe(
            "Whom it signs in: people may name themselves alone, the local administrator anybody. Omitted, it is yourself, and `admin` for the local administrator",
          ),
      }),
    )
    .output(z.object({ url: z.string(), user: z.string(), expiresAt: z.iso.datetime() }))
    .mutation(async ({ ctx, input }) => {
      const { secret, user, expiresAt } = await createSignInLink(ctx, input);
      // In the fragment, which no server and no log gets to see.
      return { url: `${ctx.publicUrl}/sign-in#${secret}`, user, expiresAt: expiresAt.toISOString() };
    }),

  account: procedure
    .meta({
      openapi: { method: "GET", path: "/account", summary: "How you sign in, and which browsers are signed in" },
    })
    .output(accountView)
    .query(({ ctx }) => readAccount(ctx)),

  setPassword: procedure
    .meta({ openapi: { method: "POST", path: "/account/password", summary: "Set your password" } })
    .input(newPassword)
    .output(accountView)
    .mutation(async ({ ctx, input }) => {
      await setPassword(ctx, input);
      return readAccount(ctx);
    }),

  endSession: procedure
    .meta({ openapi: { method: "DELETE", path: "/account/sessions/{id}", summary: "Sign one of your browsers out" } })
    .input(idInput)
    .output(accountView)
    .mutation(async ({ ctx, input }) => {
      await endSessions(ctx, input);
      return readAccount(ctx);
    }),

  endOtherSessions: procedure
    .meta({ openapi: { method: "DELETE", path: "/account/sessions", summary: "Sign your other browsers out" } })
    .output(accountView)
    .mutation(async ({ ctx }) => {
      await endSessions(ctx, { all: true });
      return readAccount(ctx);
    }),

  removePasskey: procedure
    .meta({ openapi: { method: "DELETE", path: "/account/passkeys/{id}", summary: "Forget one of your passkeys" } })
    .input(idInput)
    .output(accountView)
    .mutation(async ({ ctx, input }) => {
      await removePasskey(ctx, input.id);
      return readAccount(ctx);
    }),
});
