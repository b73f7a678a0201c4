import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { type AuthAnswer, callAuth } from "./auth-call.ts";

/** Why this page can have no passkeys; null when it can. */
export type PasskeyProblem = "no support" | "address";

/** A passkey belongs to a host name; no browser keeps one for a bare IP address. */
export function passkeyProblem({ hostname }: { hostname: string }, hasSupport: boolean): PasskeyProblem | null {
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith("[")) return "address";
  return hasSupport ? null : "no support";
}

/** Whether this browser knows passkeys at all. */
export function hasPasskeys(): boolean {
  return typeof window.PublicKeyCredential === "function";
}

const REFUSED = "The browser or the device did not give a passkey. Nothing was changed.";

/** Signs in with one of the passkeys that the person's devices keep for this host. */
export async function signInByPasskey(): Promise<AuthAnswer> {
  const asked = await callAuth("/passkey/generate-authenticate-options");
  if (!asked.ok) return asked;
  const { startAuthentication } = await import("@simplewebauthn/browser");
  return withDevice(
    () => startAuthentication({ optionsJSON: requestOptions(asked.body) }),
    (response) => callAuth("/passkey/verify-authentication", { response }),
  );
}

/** Makes a passkey on one of the person's devices and tells the authenticator of its public half. */
export async function addPasskey(name: string): Promise<AuthAnswer> {
  const asked = await callAuth("/passkey/generate-register-options");
  if (!asked.ok) return asked;
  const { startRegistration } = await import("@simplewebauthn/browser");
  return withDevice(
    () => startRegistration({ optionsJSON: creationOptions(asked.body) }),
    (response) => callAuth("/passkey/verify-registration", { response, name }),
  );
}

async function withDevice<Given>(
  ask: () => Promise<Given>,
  tell: (given: Given) => Promise<AuthAnswer>,
): Promise<AuthAnswer> {
  let given: Given;
  try {
    given = await ask();
  } catch {
    return { ok: false, words: REFUSED };
  }
  return tell(given);
}

/** The library checks the rest of what the authenticator sent; what is not even an object never came from it. */
function requestOptions(body: unknown): PublicKeyCredentialRequestOptionsJSON {
  if (isObject(body) && typeof body.challenge === "string") return { ...body, challenge: body.challenge };
  throw new TypeError("the authenticator sent no challenge");
}

function creationOptions(body: unknown): PublicKeyCredentialCreationOptionsJSON {
  if (isCreation(body)) return body;
  throw new TypeError("the authenticator sent no challenge");
}

function isCreation(body: unknown): body is PublicKeyCredentialCreationOptionsJSON {
  return isObject(body) && typeof body.challenge === "string" && isObject(body.rp) && isObject(body.user);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
