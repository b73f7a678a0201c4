import { CONSOLE_CLIENT, SlipwayError, TOKEN_METHODS, type TokenMethod } from "@slipway/contracts";
import { TokenMethod as RouteMethod, type RouteToken } from "@slipway/rpc/control/router";
import type { CompiledRoute } from "../routes/compile-route.ts";
import type { Credential } from "./client-token.ts";

/** What a caller without a credential is told to send. */
const SCHEMES = "Authorization: Bearer TOKEN, or Basic CLIENT:TOKEN";

export type Call = {
  route: CompiledRoute | undefined;
  /** As the caller named it, for the error. */
  deployment: string;
  /** The header as it was sent. */
  authorization: string | undefined;
  credential: Credential | null;
  /** It is the console that calls, for a person who tries the deployment. */
  isConsole: boolean;
  /** What is asked for; null for what every admitted caller may ask, and for what does not exist. */
  method: TokenMethod | null;
  nowMs: number;
};

/**
 * The client that calls; null for a caller that nobody knows on a public deployment.
 * 401: no credential, one that is not known, or one that has expired, was replaced or revoked. 403: a good credential, but
 * for something else, or for something that does not exist, so that nobody learns what others have; or one whose scope
 * leaves out what is asked for. What is public, whoever has a token may ask too, whatever its scope.
 * @throws SlipwayError auth/missing, auth/unknown, auth/expired, auth/replaced, auth/revoked, auth/out_of_scope, gateway/no_endpoint
 */
export function authoriseCall(call: Call, tokensOf: (hmac: string) => readonly RouteToken[]): string | null {
  const { route, credential, isConsole, nowMs } = call;
  if (isConsole) return CONSOLE_CLIENT;
  const own = credential === null ? undefined : route?.tokens.get(credential.hmac);
  if (own !== undefined && isClaimed(own, credential)) {
    const problem = problemOf(own, nowMs);
    if (problem === null) {
      if (route?.isPublic !== true) requireScope(own, call.method);
      return own.client;
    }
    if (route?.isPublic === true) return null;
    throw problem;
  }
  if (route?.isPublic === true) return null;
  if (call.authorization === undefined) throw new SlipwayError("auth/missing", { scheme: SCHEMES });
  const elsewhere =
    credential === null ? [] : tokensOf(credential.hmac).filter((token) => isClaimed(token, credential));
  const [known] = elsewhere;
  if (known === undefined) throw new SlipwayError("auth/unknown", {});
  const problems = elsewhere.map((token) => problemOf(token, nowMs));
  const [first] = problems;
  if (first && !problems.includes(null)) throw first;
  throw new SlipwayError("gateway/no_endpoint", { deployment: call.deployment });
}

function isClaimed(token: RouteToken, credential: Credential | null): boolean {
  return credential !== null && (credential.claimedClient === null || credential.claimedClient === token.client);
}

const METHOD_WORDS: Readonly<Record<TokenMethod, string>> = { infer: "inference", metadata: "reading metadata" };

/** @throws auth/out_of_scope */
function requireScope({ client, methods }: RouteToken, method: TokenMethod | null): void {
  if (method === null || methods.length === 0 || methods.includes(routeMethod(method))) return;
  const allowed = TOKEN_METHODS.filter((name) => methods.includes(routeMethod(name))).map((name) => METHOD_WORDS[name]);
  throw new SlipwayError("auth/out_of_scope", {
    client,
    method: METHOD_WORDS[method],
    allowed: allowed.join(" and ") || "nothing that this gateway knows",
  });
}

function routeMethod(method: TokenMethod): RouteMethod {
  switch (method) {
    case "infer":
      return RouteMethod.INFER;
    case "metadata":
      return RouteMethod.METADATA;
    default:
      return method satisfies never;
  }
}

function problemOf(token: RouteToken, nowMs: number): SlipwayError | null {
  const { client } = token;
  const revokedAtMs = Number(token.revokedAtMs);
  if (revokedAtMs !== 0) return new SlipwayError("auth/revoked", { client, at: timeText(revokedAtMs) });
  const expiresAtMs = Number(token.expiresAtMs);
  if (expiresAtMs === 0 || expiresAtMs > nowMs) return null;
  const at = timeText(expiresAtMs);
  return new SlipwayError(token.replacedAtMs === 0n ? "auth/expired" : "auth/replaced", { client, at });
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}
