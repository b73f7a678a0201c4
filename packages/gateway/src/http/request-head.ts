import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";

/**
 * Headers that a caller may send. The platform adds its own before them, and the model server takes more than both
 * together: nothing that a caller sends can push out what the platform says.
 */
export const MAX_HEADERS = 100;

/** What the gateway needs of a request's headers, and those that go on to the model server as name, value, name, … */
export type RequestHead = {
  host: string | undefined;
  authorization: string | undefined;
  requestId: string | undefined;
  /** -1 = not declared. */
  contentLength: number;
  forwarded: string[];
};

const INTERNAL_PREFIX = "x-slipway-";
const USUAL_CONNECTION: ReadonlySet<string> = new Set(["keep-alive", "Keep-Alive", "close"]);

/**
 * Reads all headers in one pass. What names an identity, what the platform itself sets, and what belongs to the
 * connection stays here: nobody outside can pretend to be the gateway towards a model server.
 * @throws SlipwayError request/too_many_headers; request/invalid for a header that must not come twice
 */
export function readHead(rawHeaders: readonly string[]): RequestHead {
  if (rawHeaders.length > 2 * MAX_HEADERS) throw new SlipwayError("request/too_many_headers", { limit: MAX_HEADERS });
  const head: RequestHead = {
    host: undefined,
    authorization: undefined,
    requestId: undefined,
    contentLength: -1,
    forwarded: [],
  };
  let ofConnection: Set<string> | null = null;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    switch (name) {
      case "authorization":
        if (head.authorization !== undefined) refuseRepeated("authorization");
        head.authorization = value;
        break;
      case "x-request-id":
        if (head.requestId !== undefined) refuseRepeated("x-request-id");
        head.requestId = value;
        break;
      case "content-length":
        head.contentLength = Number(value);
        break;
      case "host":
        if (head.host !== undefined) refuseRepeated("host");
        head.host = value;
        break;
      case "connection":
        if (!USUAL_CONNECTION.has(value)) ofConnection = namesIn(value, ofConnection);
        break;
      case "keep-alive":
      case "proxy-connection":
      case "proxy-authorization":
      case "te":
      case "trailer":
      case "transfer-encoding":
      case "upgrade":
      case "expect":
      case "cookie":
      case "forwarded":
      case "x-forwarded-user":
        break;
      default:
        if (!name.startsWith(INTERNAL_PREFIX)) head.forwarded.push(name, value);
    }
  }
  if (ofConnection !== null) head.forwarded = without(head.forwarded, ofConnection);
  return head;
}

/** HTTP/1.1 wants to know which host is meant. @throws SlipwayError request/invalid */
export function requireHost(request: IncomingMessage, { host }: RequestHead): void {
  if (host !== undefined || request.httpVersionMinor === 0) return;
  throw new SlipwayError("request/invalid", { problem: "Header Host is missing." });
}

/** The headers that a Connection header names are for this hop alone. */
function namesIn(value: string, known: Set<string> | null): Set<string> {
  const names = known ?? new Set<string>();
  for (const name of value.split(",")) names.add(name.trim().toLowerCase());
  return names;
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !names.has(headers[index - (index % 2)] ?? ""));
}

function refuseRepeated(name: string): never {
  throw new SlipwayError("request/invalid", { problem: `Header ${name} is given twice.` });
}
