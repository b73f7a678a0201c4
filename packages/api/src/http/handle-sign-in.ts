import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import { endSession, spendSignInLink, type TokenContext } from "@slipway/domain";
import { isFromOwnPage } from "./authenticate.ts";
import { readCookie, sessionCookie } from "./cookies.ts";
import { readBody } from "./read-body.ts";
import { sendJson } from "./send-json.ts";

const MAX_FORM_BYTES = 4_096;

/** Spends a one-time link and signs the browser in. Only a POST does: browsers fetch links ahead. */
export async function handleSignIn(
  request: IncomingMessage,
  response: ServerResponse,
  context: Omit<TokenContext, "actor">,
  cookieName: string,
): Promise<void> {
  if (request.headers["sec-fetch-site"] !== undefined && !isFromOwnPage(request)) {
    throw new SlipwayError("auth/forbidden", { action: "sign anybody in from another site" });
  }
  const form = new URLSearchParams((await readBody(request, MAX_FORM_BYTES)).toString("utf8"));
  const session = await spendSignInLink(context, form.get("link") ?? "");
  const maxAge = Math.max(0, Math.floor((session.expiresAt.getTime() - context.clock.now()) / 1000));
  const headers = { "set-cookie": sessionCookie(cookieName, session.secret, maxAge) };
  if (wantsPage(request))
    response.writeHead(303, { ...headers, location: "/deployments", "cache-control": "no-store" }).end();
  else sendJson(response, 200, { signedIn: true }, headers);
}

/** Ends the browser's session, here and in the database. */
export async function handleSignOut(
  request: IncomingMessage,
  response: ServerResponse,
  context: Omit<TokenContext, "actor">,
  cookieName: string,
): Promise<void> {
  if (!isFromOwnPage(request))
    throw new SlipwayError("auth/forbidden", { action: "sign anybody out from another site" });
  const secret = readCookie(request.headers.cookie, cookieName);
  if (secret !== null) await endSession(context, secret);
  const headers = { "set-cookie": sessionCookie(cookieName, "", 0) };
  if (wantsPage(request))
    response.writeHead(303, { ...headers, location: "/sign-in", "cache-control": "no-store" }).end();
  else sendJson(response, 200, { signedIn: false }, headers);
}

/** A form that a browser posted itself wants to go on to a page; a script asks for JSON. */
function wantsPage(request: IncomingMessage): boolean {
  return (request.headers.accept ?? "").includes("text/html");
}
