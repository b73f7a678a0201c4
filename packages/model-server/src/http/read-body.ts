import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";

const NOTHING = Buffer.alloc(0);

/** Reads a whole body of bounded size. @throws SlipwayError request/too_large, as soon as it is known */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limitBytes) return Promise.reject(new SlipwayError("request/too_large", { limitBytes }));
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null;
    let chunks: Buffer[] | null = null;
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        // The rest is read and thrown away, so that the caller can finish sending and read the answer.
        request.removeAllListeners("data");
        reject(new SlipwayError("request/too_large", { limitBytes }));
        return;
      }
      if (first === null) first = chunk;
      else if (chunks === null) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks === null ? (first ?? NOTHING) : Buffer.concat(chunks)));
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new Error("the caller went away while its request was read"));
    });
  });
}
