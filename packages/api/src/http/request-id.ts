import type { IncomingMessage } from "node:http";

const WELL_FORMED = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The id that the caller gave, if it is well-formed, else a new one: `req_…`. */
export function requestIdOf(request: IncomingMessage, newId: () => string): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && WELL_FORMED.test(given) ? given : `req_${newId()}`;
}
