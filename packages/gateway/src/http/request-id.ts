import { randomFillSync } from "node:crypto";

const WELL_FORMED = /^[A-Za-z0-9._:-]{1,128}$/;
const ID_BYTES = 15;
const POOL_BYTES = ID_BYTES * 256;

export type RequestIds = (given: string | undefined) => string;

/** Takes the caller's id when it is well formed, else makes one (`req_…`, 120 random bits, drawn 256 at a time). */
export function createRequestIds(fill: (pool: Buffer) => void = randomFillSync): RequestIds {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (given) => {
    if (given !== undefined && WELL_FORMED.test(given)) return given;
    if (used === POOL_BYTES) {
      fill(pool);
      used = 0;
    }
    used += ID_BYTES;
    return `req_${pool.toString("base64url", used - ID_BYTES, used)}`;
  };
}
