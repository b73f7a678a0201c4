import * as z from "zod";
import { clientName } from "./names.ts";

/** Every client token begins with this, so that a leaked one can be found by scanners. */
export const CLIENT_TOKEN_PREFIX = "slw_";
export const DEFAULT_TOKEN_DAYS = 90;

/** The name under which the console calls a deployment for a person who tries it. No token may bear it. */
export const CONSOLE_CLIENT = "slipway-console";

/** A client that may be given a token. */
export const newClientName = clientName.refine(
  (client) => client !== CONSOLE_CLIENT,
  "must not be the name of the console itself",
);

/** What is known of a token after it was shown once. */
export const clientTokenView = z.object({
  client: clientName,
  deployment: z.string(),
  /** The first characters and the last four. */
  hint: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
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
  expiresAt: z.iso.datetime().nullable(),
  /** Every live router knows it already; else it will in a moment. */
  routed: z.boolean(),
});
export type CreatedClientToken = z.output<typeof createdClientToken>;

/** The answer to a revocation. */
export const revokedClientToken = clientTokenView.extend({
  /** Every live router refuses it already; else it will in a moment. */
  routed: z.boolean(),
});
export type RevokedClientToken = z.output<typeof revokedClientToken>;
