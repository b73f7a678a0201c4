import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import type { ByteShare } from "../codec/bytes-in-flight.ts";

const NOTHING = Buffer.alloc(0);

/**
 * Reads a whole body of bounded size. All but its first piece, which is most bodies whole, is taken from `share`.
 * @throws SlipwayError request/too_large, server/bodies_in_flight, as soon as it is known
 */
export function readBody(request: IncomingMessage, limitBytes: number, share?: ByteShare): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limitBytes) return Promise.reject(new SlipwayError("request/too_large", { limitBytes }));
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null;
    let chunks: Buffer[] | null = null;
    let length = 0;
    /** The rest is read and thrown away, so that the caller can finish sending and read the answer. */
    const refuse = (error: unknown) => {
      request.removeAllListeners("data");
      request.resume();
      first = null;
      chunks = null;
      reject(error);
    };
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) return refuse(new SlipwayError("request/too_large", { limitBytes }));
      if (first === null) {
        first = chunk;
        return;
      }
      try {
        share?.take(chunk.length);
      } catch (error) {
        return refuse(error);
      }
      if (chunks === null) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks === null ? (first ?? NOTHING) : Buffer.concat(chunks)));
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new Error("the caller went away while its request was read"));
    });
  });
}
