import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import { AUTH_PATH, type Auth, REMOTE_ADDRESS_HEADER } from "@slipway/domain";
import * as z from "zod";
import { requireText } from "../require-text.ts";
import { isFromOwnPage } from "./authenticate.ts";
import { type BodyReader, parseJsonObject } from "./read-body.ts";

const MAX_AUTH_BODY_BYTES = 32 * 1024;

/** What a browser may ask of the authenticator; the library has more, which nobody here needs. */
const PATHS: Readonly<Record<string, "GET" | "POST">> = {
  "/sign-in/username": "POST",
  "/passkey/generate-authenticate-options": "GET",
  "/passkey/verify-authentication": "POST",
  "/passkey/generate-register-options": "GET",
  "/passkey/verify-registration": "POST",
};

/** Answers that begin a session say so and nothing else: a session's secret belongs into its cookie alone. */
const BEGINS_SESSION = new Set(["/sign-in/username", "/passkey/verify-authentication"]);

/** Answers a request below `/api/auth`: signing in by password or passkey, and adding a passkey. */
export async function handleAuth(
  request: IncomingMessage,
  response: ServerResponse,
  { auth, bodies }: { auth: Auth; bodies: BodyReader },
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = url.pathname.slice(AUTH_PATH.length);
  const method = PATHS[path];
  if (method === undefined) throw new SlipwayError("request/not_found", { path: url.pathname.slice(0, 200) });
  if (request.method !== method) {
    throw new SlipwayError("request/method_not_allowed", { method: request.method ?? "", allowed: method });
  }
  if (method === "POST") requireOwnPage(request);
  const read = () => bodies.read(request, response, { caller: addressOf(request), limitBytes: MAX_AUTH_BODY_BYTES });
  const body = method === "POST" ? await read() : null;
  if (body !== null) requireText(parseJsonObject(body));
  const answer = await askAuth(request, auth, { path: `${path}${url.search}`, method, body });
  const text = BEGINS_SESSION.has(path) ? '{"signedIn":true}' : await answer.text();
  response.writeHead(200, {
    ...cookiesOf(answer),
    "content-type": "application/json",
    "cache-control": "no-store",
  });
  response.end(text);
}

/** Whose bytes those of somebody are who is not signed in yet. */
export function addressOf(request: IncomingMessage): string {
  return `address:${request.socket.remoteAddress ?? ""}`;
}

/** A browser says where its request comes from; who says nothing is no browser, and has no cookie that others could use. */
export function requireOwnPage(request: IncomingMessage): void {
  const isBrowser = request.headers["sec-fetch-site"] !== undefined || request.headers.origin !== undefined;
  if ((isBrowser || request.headers.cookie !== undefined) && !isFromOwnPage(request)) {
    throw new SlipwayError("auth/forbidden", { action: "sign anybody in or out from another site" });
  }
}

/**
 * Asks the authenticator in the name of a request that was found to come from a page of ours.
 * @throws what the authenticator refused, as an error of the table
 */
export async function askAuth(
  request: IncomingMessage,
  auth: Auth,
  { path, method, body }: { path: string; method: "GET" | "POST"; body: Buffer | string | null },
): Promise<Response> {
  const origin = originOf(request);
  const headers = new Headers({
    origin,
    "content-type": "application/json",
    [REMOTE_ADDRESS_HEADER]: request.socket.remoteAddress ?? "",
  });
  for (const name of ["cookie", "user-agent"] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const answer = await auth.handle(
    new Request(`${origin}${AUTH_PATH}${path}`, {
      method,
      headers,
      ...(body === null ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
    }),
    origin,
  );
  if (!answer.ok) throw await refusalOf(answer);
  return answer;
}

/** What to tell the browser to keep. */
export function cookiesOf(answer: Response): { "set-cookie"?: string[] } {
  const cookies = answer.headers.getSetCookie();
  return cookies.length === 0 ? {} : { "set-cookie": cookies };
}

/**
 * The origin that a browser reached this process by: what it says itself when that names this very host (it alone knows of
 * a proxy's https), else the address that the request names.
 */
export function originOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const host = headers.host ?? "localhost";
  const { origin } = headers;
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return new URL(origin).origin;
  const url = `http://${host}`;
  if (!URL.canParse(url)) throw new SlipwayError("request/invalid", { problem: "The host header is not a host." });
  return new URL(url).origin;
}

const refusal = z.object({ code: z.string().optional(), message: z.string().optional() });

async function refusalOf(answer: Response): Promise<SlipwayError> {
  const text = await answer.text();
  const { code, message } = refusal.catch({}).parse(parseJson(text));
  if (code === "sign_in/link_spent") return new SlipwayError("sign_in/link_spent", {});
  if (answer.status === 401) return new SlipwayError("sign_in/refused", {});
  if (answer.status === 429) {
    const retryAfterSeconds = Number(answer.headers.get("x-retry-after") ?? "60") || 60;
    return new SlipwayError("sign_in/too_often", { retryAfterSeconds });
  }
  if (answer.status < 500) return new SlipwayError("request/invalid", { problem: `${message ?? "It is not valid"}.` });
  return new SlipwayError("internal", {}, { cause: new Error(`the authenticator failed: ${answer.status}`) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
