import { createHmac, timingSafeEqual } from "node:crypto";
import { consoleCredential } from "@slipway/rpc";

/** Longer credentials are nobody's. */
const MAX_CREDENTIAL_LENGTH = 512;

/** What a caller showed: its token's HMAC, and the name it claims where the scheme has one. */
export type Credential = { hmac: string; claimedClient: string | null };

export type TokenDigest = (token: string) => string;

/**
 * Digests tokens the way the platform stores them: HMAC-SHA-256 under the token key, in hexadecimal. Looking a digest
 * up in a map tells a caller nothing by its time, since nobody without the key can choose a digest.
 */
export function tokenDigest(key: Buffer): TokenDigest {
  return (token) => createHmac("sha256", key).update(token).digest("hex");
}

/** Reads `Bearer TOKEN` or `Basic base64(CLIENT:TOKEN)`; null when it is neither. */
export function readCredential(authorization: string, digest: TokenDigest): Credential | null {
  if (authorization.length > MAX_CREDENTIAL_LENGTH) return null;
  const space = authorization.indexOf(" ");
  const scheme = authorization.slice(0, space).toLowerCase();
  const rest = authorization.slice(space + 1).trim();
  if (rest === "") return null;
  if (scheme === "bearer") return { hmac: digest(rest), claimedClient: null };
  if (scheme !== "basic") return null;
  const text = Buffer.from(rest, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return null;
  return { hmac: digest(text.slice(colon + 1)), claimedClient: text.slice(0, colon) };
}

/** Remembers the last credential of one connection, so that a client that stays connected is digested once. */
export class ConnectionCredential {
  #authorization = "";
  #credential: Credential | null = null;

  read(authorization: string, digest: TokenDigest): Credential | null {
    if (authorization === this.#authorization) return this.#credential;
    this.#credential = readCredential(authorization, digest);
    this.#authorization = authorization;
    return this.#credential;
  }
}

/** Tells whether a credential is the console's own, in a time that tells nothing about where it differs. */
export function consoleRecogniser(internalSecret: string, digest: TokenDigest): (shown: Credential | null) => boolean {
  const own = Buffer.from(digest(consoleCredential(internalSecret)));
  return (shown) => {
    if (shown === null || shown.claimedClient !== null) return false;
    const hmac = Buffer.from(shown.hmac);
    return hmac.length === own.length && timingSafeEqual(hmac, own);
  };
}
