import * as z from "zod";
import { clientName } from "./names.ts";

/** Every client token begins with this, so that a leaked one can be found by scanners. */
export const CLIENT_TOKEN_PREFIX = "slw_";
export const DEFAULT_TOKEN_DAYS = 90;
export const MAX_TOKEN_DAYS = 3_650;
/** How long a token goes on after it was replaced, unless said otherwise, and at most. */
export const DEFAULT_OVERLAP_HOURS = 24;
export const MAX_OVERLAP_HOURS = 168;

/** What a caller may do at an endpoint: ask the model, or read what it takes and gives. Whether it is ready anybody admitted may ask. */
export const TOKEN_METHODS = ["infer", "metadata"] as const;
export const tokenMethod = z.enum(TOKEN_METHODS);
export type TokenMethod = z.output<typeof tokenMethod>;

/** What a token is good for. */
export const tokenScope = z.strictObject({
  methods: z
    .array(tokenMethod)
    .min(1)
    .max(TOKEN_METHODS.length)
    .refine((methods) => new Set(methods).size === methods.length, "must name each method once")
    .describe("infer, metadata or both"),
});
export type TokenScope = z.output<typeof tokenScope>;

/** How long a token lives from now, in days; null = it never ends. */
export const tokenDays = z.int().min(1).max(MAX_TOKEN_DAYS).nullable();

/** `ending` = replaced by a newer one, and good until the overlap is over; `expired` also where the overlap is over. */
export const tokenState = z.enum(["valid", "ending", "expired", "revoked"]);
export type TokenState = z.output<typeof tokenState>;

/** The name under which the console calls a deployment for a person who tries it. No token may bear it. */
export const CONSOLE_CLIENT = "slipway-console";

/** A client that may be given a token. */
export const newClientName = clientName.refine(
  (client) => client !== CONSOLE_CLIENT,
  "must not be the name of the console itself",
);

/** What is known of a token after it was shown once. */
export const clientTokenView = z.object({
  /** Names the token where it has to be told from others; no secret. */
  id: z.string(),
  client: clientName,
  deployment: z.string(),
  /** The first characters and the last four. */
  hint: z.string(),
  scope: tokenScope,
  /** At the time of the answer. */
  state: tokenState,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  /** When a newer token took its place; it ends at `expiresAt`. */
  replacedAt: z.iso.datetime().nullable(),
  /** When a gateway last admitted a call with it, some seconds late; null = never. */
  lastUsedAt: z.iso.datetime().nullable(),
  /** Calls that were admitted with it. */
  calls: z.int().min(0),
});
export type ClientTokenView = z.output<typeof clientTokenView>;

/** The one answer that holds the token itself. */
export const createdClientToken = z.object({
  client: clientName,
  token: z.string(),
  scope: tokenScope,
  expiresAt: z.iso.datetime().nullable(),
  /** Every live router knows it already; else it will in a moment. */
  routed: z.boolean(),
});
export type CreatedClientToken = z.output<typeof createdClientToken>;

/** The answer to a rotation: the new token, shown this once, and until when the old one goes on. */
export const rotatedClientToken = createdClientToken.extend({
  replaced: z.object({ id: z.string(), hint: z.string(), endsAt: z.iso.datetime() }),
});
export type RotatedClientToken = z.output<typeof rotatedClientToken>;

/** The answer to a revocation. */
export const revokedClientToken = clientTokenView.extend({
  /** Every live router refuses it already; else it will in a moment. */
  routed: z.boolean(),
});
export type RevokedClientToken = z.output<typeof revokedClientToken>;
