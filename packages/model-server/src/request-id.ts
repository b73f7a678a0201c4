import { randomBytes } from "node:crypto";

/** An id for a request that came without one. */
export function newRequestId(): string {
  return `req_${randomBytes(12).toString("base64url")}`;
}
