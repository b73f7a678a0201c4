import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import type { Actor, Auth } from "@slipway/domain";
import { secretsEqual } from "@slipway/rpc";
import { originOf } from "./handle-auth.ts";

/** Who sent a request, and whether what it carries may change anything. */
export type Caller = { actor: Actor | null; isMutationAllowed: boolean; source: "console" | "cli" | "api" };

export type AuthenticateOptions = { adminToken: string; auth: Auth };

/**
 * Tells who sent a request: the bearer of this platform's admin token, or a browser with a session. A cookie alone changes
 * nothing: the request must also come from a page of ours, which its Origin or Sec-Fetch-Site says.
 * @throws auth/unknown when it carries a credential that is none
 */
export async function authenticate(request: IncomingMessage, options: AuthenticateOptions): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [scheme, token] = authorization.split(" ", 2);
    if (scheme?.toLowerCase() !== "bearer" || token === undefined || !secretsEqual(token, options.adminToken)) {
      throw new SlipwayError("auth/unknown", {});
    }
    // Only for the history: whoever has the token may do the same under either name.
    const source = request.headers["x-slipway-source"] === "cli" ? "cli" : "api";
    return { actor: { kind: "local-admin" }, isMutationAllowed: true, source };
  }
  const { cookie } = request.headers;
  const actor = cookie === undefined ? null : await options.auth.actorOf(new Headers({ cookie }), originOf(request));
  return { actor, isMutationAllowed: isFromOwnPage(request), source: "console" };
}

/** Whether a browser says that a page of this very origin sent the request. */
export function isFromOwnPage(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = request.headers;
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host;
}
