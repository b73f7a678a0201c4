import * as z from "zod";

/** An id whose prefix says of what, so that a log line explains itself and a wrong one does not compile. */
function prefixed<Prefix extends string>(prefix: Prefix) {
  return z.templateLiteral([`${prefix}_`, z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)]);
}

export const requestId = prefixed("req");
export type RequestId = z.infer<typeof requestId>;
export const clientTokenId = prefixed("tok");
export type ClientTokenId = z.infer<typeof clientTokenId>;
