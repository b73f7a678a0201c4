import type { TokenContext } from "../context.ts";
import { type Auth, createAuth } from "../identity/create-auth.ts";
import { createSignInLink } from "../identity/sign-in-link.ts";

export const ORIGIN = "http://localhost:7070";

/** The authenticator of a test's database. */
export function testAuth(ctx: TokenContext, onError: (message: string) => void = () => undefined): Auth {
  return createAuth({ ...ctx, instanceId: "test", onError });
}

/** Sends the authenticator what a browser at `origin` would. */
export function ask(
  auth: Auth,
  path: string,
  {
    body,
    cookie,
    origin = ORIGIN,
    address = "192.0.2.1",
  }: { body?: object; cookie?: string; origin?: string; address?: string },
): Promise<Response> {
  const headers = new Headers({ origin, "content-type": "application/json", "x-slipway-remote-address": address });
  if (cookie !== undefined) headers.set("cookie", cookie);
  const method = body === undefined ? "GET" : "POST";
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return auth.handle(new Request(`${origin}/api/auth${path}`, init), origin);
}

/** Signs a user in by a link; gives the cookie that their browser keeps and the context of what they do next. */
export async function signInByLink(ctx: TokenContext, auth: Auth, user = "admin") {
  const { secret } = await createSignInLink(ctx, { user });
  const answer = await ask(auth, "/sign-in/link", { body: { link: secret } });
  if (!answer.ok) throw new Error(`signing in was answered ${answer.status}: ${await answer.text()}`);
  const cookie = cookieOf(answer);
  const actor = await auth.actorOf(new Headers({ cookie }), ORIGIN);
  if (actor === null) throw new Error("nobody is signed in");
  return { cookie, link: secret, ctx: { ...ctx, actor } };
}

export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
