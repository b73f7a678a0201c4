import { normalizeIP } from "@better-auth/core/utils/ip";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import * as z from "zod";
import type { Context } from "../context.ts";
import { userName } from "./sign-in-link.ts";

const WINDOW_MS = 60_000;
/** Passwords that may be tried in a window, by what an attempt is counted under. */
export const GUESSES = {
  /** From a browser that has signed in as this user before. */
  knownBrowser: 10,
  /** From one address for one name. */
  addressAndName: 10,
  /** From one address, whatever the names: many people may stand behind it. */
  address: 60,
  /** For one name, whatever the addresses. */
  name: 60,
} as const;

/** As long as browsers keep a cookie. */
const KNOWN_SECONDS = 400 * 86_400;
const PASSWORD_PATH = "/sign-in/username";
/** Networks of one IPv6 customer are this long; whoever has one has all its addresses. */
const IPV6_SUBNET = 64;

/**
 * Slows down guessing of passwords without keeping anybody out who knows theirs: attempts are counted by address and name
 * together, and a browser that has signed in as a user before has a budget of its own for that name, which nobody else can
 * use up. The library counts by address alone, so that its rule for this path is off.
 */
export function limitGuesses(deps: Pick<Context, "db" | "clock" | "random">, addressHeader: string) {
  return {
    id: "limit-guesses",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === PASSWORD_PATH,
          handler: createAuthMiddleware(async (ctx) => {
            const cookie = ctx.context.createAuthCookie("known", { maxAge: KNOWN_SECONDS });
            const known = readKnown(await ctx.getSignedCookie(cookie.name, ctx.context.secret));
            const name = attempt.safeParse(ctx.body).data?.username ?? null;
            const address = normalizeIP(ctx.headers?.get(addressHeader) ?? "", { ipv6Subnet: IPV6_SUBNET });
            for (const [key, limit] of budgetsOf({ address, name, known })) {
              const waitMs = await take(deps, key, limit);
              if (waitMs === null) continue;
              const seconds = Math.ceil(waitMs / 1_000);
              throw new APIError("TOO_MANY_REQUESTS", {}, { "x-retry-after": String(seconds) });
            }
          }),
        },
      ],
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (ctx) => {
            const name = signedIn.safeParse(ctx.context.newSession?.user).data?.username;
            if (name === undefined) return;
            const cookie = ctx.context.createAuthCookie("known", { maxAge: KNOWN_SECONDS });
            const id = deps.random.bytes(16).toString("base64url");
            await ctx.setSignedCookie(cookie.name, `${id}.${name}`, ctx.context.secret, cookie.attributes);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

const attempt = z.object({ username: userName });
const signedIn = z.object({ username: z.string() });

type Known = { id: string; name: string };

/** What a signed cookie says: `<id>.<user>`. */
function readKnown(value: string | false | null | undefined): Known | null {
  const match = /^([\w-]{1,64})\.([-a-z0-9]{1,63})$/.exec(value === false ? "" : (value ?? ""));
  return match === null ? null : { id: match[1] ?? "", name: match[2] ?? "" };
}

/** What an attempt is counted under, in the order in which it is asked; a name that cannot exist counts for its address. */
function budgetsOf({ address, name, known }: { address: string; name: string | null; known: Known | null }) {
  const budgets: [key: string, limit: number][] = [];
  if (known !== null && known.name === name) budgets.push([`guess:known:${known.id}:${name}`, GUESSES.knownBrowser]);
  else {
    budgets.push([`guess:address:${address}`, GUESSES.address]);
    if (name !== null) {
      budgets.push([`guess:both:${address}:${name}`, GUESSES.addressAndName]);
      budgets.push([`guess:name:${name}`, GUESSES.name]);
    }
  }
  return budgets;
}

/** Counts one attempt; gives how long to wait when the budget of this window is used up, else null. Exact under concurrency. */
async function take({ db, clock, random }: Parameters<typeof limitGuesses>[0], key: string, limit: number) {
  const nowMs = clock.now();
  const { rows } = await db.pool.query<{ count: number; since: string }>(COUNT_ATTEMPT, [
    `lim_${random.uuid()}`,
    key,
    nowMs,
    nowMs - WINDOW_MS,
  ]);
  const [row] = rows;
  if (row === undefined || row.count <= limit) return null;
  return Math.max(Number(row.since) + WINDOW_MS - nowMs, 1_000);
}

const COUNT_ATTEMPT = `
  INSERT INTO rate_limit AS held (id, key, count, last_request) VALUES ($1, $2, 1, $3)
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN held.last_request <= $4 THEN 1 ELSE held.count + 1 END,
    last_request = CASE WHEN held.last_request <= $4 THEN EXCLUDED.last_request ELSE held.last_request END
  RETURNING count, last_request AS since`;
