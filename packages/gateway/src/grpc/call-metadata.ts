import type { IncomingHttpHeaders } from "node:http2";
import { DEFAULT_GROUP, SlipwayError } from "@slipway/contracts";
import { MAX_HEADERS } from "../http/request-head.ts";

const DROPPED = new Set([
  "authorization",
  "cookie",
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-timeout",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "seldon-model",
  "slipway-deployment",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-user",
  "x-request-id",
]);
/** What HPACK counts for each header beside its name and value (RFC 7541, 4.1). */
const HEADER_BYTES = 32;
const UNIT_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000_001 } as const;

/**
 * The route that a call is for: metadata `slipway-deployment: <group>/<name>`, or `seldon-model: <name>` in the default
 * group. The message's own model name plays no part.
 * @throws SlipwayError request/invalid when neither is there
 */
export function routeKeyOf(headers: IncomingHttpHeaders): string {
  const own = one(headers["slipway-deployment"]);
  if (own !== undefined) return own;
  const seldon = one(headers["seldon-model"]);
  if (seldon !== undefined) return `${DEFAULT_GROUP}/${seldon}`;
  throw new SlipwayError("request/invalid", {
    problem:
      "Metadata slipway-deployment (<group>/<name>) or seldon-model (<name>) must say which deployment is called.",
  });
}

/**
 * Sees that a caller's metadata is within what the platform passes on; `raw` is name, value, name, …
 * @throws SlipwayError request/too_many_headers, request/headers_too_large
 */
export function checkMetadata(raw: readonly string[], limitBytes: number): void {
  let count = 0;
  let bytes = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    if (!name.startsWith(":")) count += 1;
    bytes += name.length + (raw[index + 1] ?? "").length + HEADER_BYTES;
  }
  if (count > MAX_HEADERS) throw new SlipwayError("request/too_many_headers", { limit: MAX_HEADERS });
  if (bytes > limitBytes) throw new SlipwayError("request/headers_too_large", { limitBytes });
}

/** The caller's own deadline in milliseconds; null when it set none or it cannot be read. */
export function timeoutMsOf(headers: IncomingHttpHeaders): number | null {
  const match = /^(\d{1,8})([HMSmun])$/.exec(one(headers["grpc-timeout"]) ?? "");
  const unit = match?.[2];
  if (unit !== "H" && unit !== "M" && unit !== "S" && unit !== "m" && unit !== "u" && unit !== "n") return null;
  return Number(match?.[1]) * UNIT_MS[unit];
}

/** The metadata that goes on to the replica: the caller's own, less what names an identity or belongs to this hop. */
export function forwardedMetadata(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const forwarded: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(":") || name.startsWith("x-slipway-") || DROPPED.has(name)) continue;
    forwarded[name] = value;
  }
  return forwarded;
}

/** A header's one value. */
export function one(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
