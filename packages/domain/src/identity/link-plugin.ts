import { SlipwayError } from "@slipway/contracts";
import type { BetterAuthPlugin } from "better-auth";
import { APIError } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import * as z from "zod";
import type { Context } from "../context.ts";
import { spendSignInLink } from "./sign-in-link.ts";

/** Signs a browser in with a one-time link: POST /sign-in/link { link }. Its user begins to exist with the first one. */
export function signInByLink(deps: Pick<Context, "db" | "clock" | "random">) {
  return {
    id: "sign-in-link",
    endpoints: {
      signInByLink: createAuthEndpoint(
        "/sign-in/link",
        { method: "POST", body: z.strictObject({ link: z.string().max(200) }) },
        async (ctx) => {
          const { internalAdapter, adapter } = ctx.context;
          const begun = await spendSignInLink(
            { ...deps, requestId: "" },
            ctx.body.link,
            async ({ user: name, madeBy }) => {
              const found = await adapter.findOne<{ id: string }>({
                model: "user",
                where: [{ field: "username", value: name }],
              });
              const user =
                found === null
                  ? await internalAdapter.createUser({
                      name,
                      email: `${name}@users.slipway.invalid`,
                      username: name,
                      emailVerified: false,
                    })
                  : await internalAdapter.findUserById(found.id);
              const session =
                user === null ? null : await internalAdapter.createSession(user.id, false, { linkMadeBy: madeBy });
              return user === null || session === null ? null : { user, session };
            },
          ).catch((error: unknown) => {
            if (error instanceof SlipwayError && error.code === "sign_in/link_spent") {
              throw new APIError("GONE", { code: error.code, message: error.message });
            }
            throw error;
          });
          if (begun === null) throw new APIError("INTERNAL_SERVER_ERROR", { message: "no session could be begun" });
          await setSessionCookie(ctx, begun);
          return ctx.json({ signedIn: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
