import { createHmac } from "node:crypto";
import { passkey } from "@better-auth/passkey";
import type { Db } from "@slipway/db";
import type { Clock } from "@slipway/service-kit";
import { betterAuth } from "better-auth";
import { username } from "better-auth/plugins";
import * as z from "zod";
import type { Actor } from "../actor.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { Random } from "../context.ts";
import { limitGuesses } from "./limit-guesses.ts";
import { signInByLink } from "./link-plugin.ts";
import { hashPassword, isPassword, PASSWORD_LENGTH } from "./password.ts";
import { userName } from "./sign-in-link.ts";

/** How long a browser stays signed in, in seconds. */
export const SESSION_SECONDS = 7 * 86_400;
/** Where the endpoints of signing in stand. */
export const AUTH_PATH = "/api/auth";
/** Says from which address a request came; whoever calls `handle` sets it, whatever the request said. */
export const REMOTE_ADDRESS_HEADER = "x-slipway-remote-address";
/** Origins that one platform is reached by; each has an authenticator of its own, because passkeys belong to one. */
const ORIGINS_LIMIT = 32;

export type AuthDeps = {
  db: Db;
  clock: Clock;
  random: Random;
  /** What the cookie's signature is made with, derived; nothing of it is in the database. */
  tokenKey: Buffer;
  /** Names the cookies, so that two platforms on one host do not sign each other out. */
  instanceId: string;
  /** Hears what the library cannot do; never a secret. */
  onError: (message: string) => void;
};

/** How people sign in, and who a browser belongs to. */
export type Auth = {
  /** Answers a request below `AUTH_PATH` that came to `origin`, such as http://localhost:7070. */
  handle(request: Request, origin: string): Promise<Response>;
  /** Who is signed in by the cookie of these headers; null when nobody is. */
  actorOf(headers: Headers, origin: string): Promise<Actor | null>;
};

/** The ways in, by the endpoint that begins a session. */
const METHODS: Readonly<Record<string, string>> = {
  "/sign-in/link": "link",
  "/sign-in/username": "password",
  "/passkey/verify-authentication": "passkey",
};

/** Makes the authenticator of a platform. Passwords, passkeys, sessions and their limits are the library's. */
export function createAuth(deps: AuthDeps): Auth {
  const instances = new Map<string, ReturnType<typeof authOf>>();
  const instance = (origin: string) => {
    const known = instances.get(origin);
    if (known !== undefined) return known;
    const made = authOf(deps, origin);
    const [oldest] = instances.keys();
    if (instances.size >= ORIGINS_LIMIT && oldest !== undefined) instances.delete(oldest);
    instances.set(origin, made);
    return made;
  };
  return {
    handle: (request, origin) => instance(origin).handler(request),
    async actorOf(headers, origin) {
      const found = signedIn.safeParse(await instance(origin).api.getSession({ headers }));
      if (!found.success) return null;
      return { kind: "user", id: found.data.user.username, sessionId: found.data.session.id };
    },
  };
}

const signedIn = z.object({ session: z.object({ id: z.string() }), user: z.object({ username: z.string() }) });

/** The library, set up for one origin. */
function authOf({ db, clock, random, tokenKey, instanceId, onError }: AuthDeps, origin: string) {
  return betterAuth({
    appName: "Slipway",
    baseURL: origin,
    basePath: AUTH_PATH,
    trustedOrigins: [origin],
    secret: createHmac("sha256", tokenKey).update("sessions").digest("hex"),
    database: db.pool,
    telemetry: { enabled: false },
    logger: { level: "error", log: (_level, message) => onError(message) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
    },
    plugins: [
      username({
        minUsernameLength: 1,
        maxUsernameLength: 63,
        usernameValidator: (name) => userName.safeParse(name).success,
        schema: { user: { fields: { displayUsername: "display_username" } } },
      }),
      passkey({ rpName: "Slipway", schema: PASSKEY_COLUMNS }),
      signInByLink({ db, clock, random }),
      limitGuesses({ db, clock, random }, REMOTE_ADDRESS_HEADER),
    ],
    user: { modelName: "platform_user", fields: { ...TIMES, emailVerified: "email_verified" } },
    session: {
      modelName: "session",
      fields: {
        ...TIMES,
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
      },
      expiresIn: SESSION_SECONDS,
      // A read stays a read; after a week one signs in again.
      disableSessionRefresh: true,
      additionalFields: {
        method: { type: "string", required: false, input: false },
        linkMadeBy: { type: "string", required: false, input: false, fieldName: "link_made_by" },
      },
    },
    account: { modelName: "credential", fields: CREDENTIAL_COLUMNS },
    verification: { modelName: "verification", fields: { ...TIMES, expiresAt: "expires_at" } },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "rate_limit",
      fields: { lastRequest: "last_request" },
      window: 60,
      max: 120,
      customRules: {
        // Counted by address and name, which the library cannot.
        "/sign-in/username": false,
        // 256 random bits are not guessed.
        "/sign-in/link": false,
        "/passkey/verify-authentication": { window: 60, max: 20 },
      },
    },
    advanced: {
      cookiePrefix: `slipway_${instanceId}`,
      useSecureCookies: origin.startsWith("https:"),
      ipAddress: { ipAddressHeaders: [REMOTE_ADDRESS_HEADER] },
      database: { generateId: ({ model }) => `${ID_PREFIXES[model] ?? "aut"}_${random.uuid()}` },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: { ...session, method: METHODS[context?.path ?? ""] ?? null },
          }),
          after: async (session) => auditSignIn({ db, random }, begun.parse(session)),
        },
      },
    },
  });
}

const TIMES = { createdAt: "created_at", updatedAt: "updated_at" } as const;
const CREDENTIAL_COLUMNS = {
  ...TIMES,
  userId: "user_id",
  providerId: "provider_id",
  accountId: "account_id",
  accessToken: "access_token",
  refreshToken: "refresh_token",
  idToken: "id_token",
  accessTokenExpiresAt: "access_token_expires_at",
  refreshTokenExpiresAt: "refresh_token_expires_at",
} as const;
const PASSKEY_COLUMNS = {
  passkey: {
    fields: {
      publicKey: "public_key",
      userId: "user_id",
      credentialID: "credential_id",
      deviceType: "device_type",
      backedUp: "backed_up",
      createdAt: "created_at",
    },
  },
} as const;
const ID_PREFIXES: Readonly<Record<string, string>> = {
  user: "usr",
  session: "ses",
  account: "crd",
  verification: "ver",
  passkey: "psk",
  rateLimit: "lim",
};

const begun = z.object({
  userId: z.string(),
  method: z.string().nullish(),
  linkMadeBy: z.string().nullish(),
});

/** Keeps how a session began and, if by a link, who made that link: it is their word that this is the user. */
async function auditSignIn(
  { db, random }: Pick<AuthDeps, "db" | "random">,
  { userId, method, linkMadeBy }: z.output<typeof begun>,
): Promise<void> {
  const { rows } = await db.pool.query<{ username: string }>("SELECT username FROM platform_user WHERE id = $1", [
    userId,
  ]);
  const [user] = rows;
  if (user === undefined) return;
  const actor: Actor = { kind: "user", id: user.username };
  const writer = { actor, random, requestId: "" };
  const message = linkMadeBy ? `by a link that ${linkMadeBy} made` : method ? `by ${method}` : "";
  await writeAudit(db.pool, writer, [
    { group: "", kind: "User", name: user.username, uid: null, action: "sign_in", message, diff: [] },
  ]);
}
