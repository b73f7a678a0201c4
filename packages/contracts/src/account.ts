import * as z from "zod";

/** How somebody signs in, and with which browsers they are signed in. */
export const accountView = z.object({
  user: z.string(),
  hasPassword: z.boolean(),
  passkeys: z.array(z.object({ id: z.string(), name: z.string().nullable(), createdAt: z.iso.datetime().nullable() })),
  sessions: z.array(
    z.object({
      id: z.string(),
      method: z.enum(["link", "password", "passkey"]).nullable(),
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      userAgent: z.string().nullable(),
      /** The one that asks. */
      isThisOne: z.boolean(),
    }),
  ),
});
export type AccountView = z.output<typeof accountView>;
