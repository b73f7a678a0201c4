import type { IncomingMessage, ServerResponse } from "node:http";
import type { Auth } from "@slipway/domain";
import { addressOf, askAuth, cookiesOf, requireOwnPage } from "./handle-auth.ts";
import type { BodyReader } from "./read-body.ts";

const MAX_FORM_BYTES = 4_096;

/** Spends a one-time link and signs the browser in. Only a POST does: browsers fetch links ahead. */
export async function handleSignIn(
  request: IncomingMessage,
  response: ServerResponse,
  { auth, bodies }: { auth: Auth; bodies: BodyReader },
): Promise<void> {
  requireOwnPage(request);
  const options = { caller: addressOf(request), limitBytes: MAX_FORM_BYTES };
  const form = new URLSearchParams((await bodies.read(request, response, options)).toString("utf8"));
  const body = JSON.stringify({ link: form.get("link") ?? "" });
  const answer = await askAuth(request, auth, { path: "/sign-in/link", method: "POST", body });
  finish(request, response, answer, { location: "/deployments", body: { signedIn: true } });
}

/** Ends the browser's session, here and in the database. */
export async function handleSignOut(request: IncomingMessage, response: ServerResponse, auth: Auth): Promise<void> {
  requireOwnPage(request);
  const answer = await askAuth(request, auth, { path: "/sign-out", method: "POST", body: "{}" });
  finish(request, response, answer, { location: "/sign-in", body: { signedIn: false } });
}

/** A form that a browser posted itself goes on to a page; a script gets JSON. */
function finish(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Response,
  { location, body }: { location: string; body: object },
): void {
  const headers = { ...cookiesOf(answer), "cache-control": "no-store" };
  if ((request.headers.accept ?? "").includes("text/html")) response.writeHead(303, { ...headers, location }).end();
  else response.writeHead(200, { ...headers, "content-type": "application/json" }).end(JSON.stringify(body));
}
