import { SlipwayError } from "@slipway/contracts";

/** What the gateway needs of a request's headers, and those that go on to the model server as name, value, name, … */
export type RequestHead = {
  authorization: string | undefined;
  requestId: string | undefined;
  /** -1 = not declared. */
  contentLength: number;
  forwarded: string[];
};

const INTERNAL_PREFIX = "x-slipway-";

/**
 * Reads all headers in one pass. What names an identity, what the platform itself sets, and what belongs to the
 * connection stays here: nobody outside can pretend to be the gateway towards a model server.
 * @throws SlipwayError request/invalid for a header that must not come twice
 */
export function readHead(rawHeaders: readonly string[]): RequestHead {
  const head: RequestHead = { authorization: undefined, requestId: undefined, contentLength: -1, forwarded: [] };
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
      case "connection":
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
  return head;
}

function refuseRepeated(name: string): never {
  throw new SlipwayError("request/invalid", { problem: `Header ${name} is given twice.` });
}
