import { createHash } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SlipwayError } from "@slipway/contracts";

/**
 * Copies a regular file and gives the SHA-256 and the size of what was written, so that what is checked is what is loaded.
 * Never follows a link in the last part of the path. Stops past `maxBytes`, whatever the file's size said before.
 */
export async function copyHashed(
  source: string,
  target: string,
  options: { maxBytes: number; signal: AbortSignal },
): Promise<{ sha256: string; bytes: number }> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > options.maxBytes) done(new SlipwayError("artifact/too_large", { limitBytes: options.maxBytes }));
      else done(null, chunk);
    },
  });
  await pipeline(
    file.createReadStream({ highWaterMark: 1024 * 1024 }),
    measure,
    createWriteStream(target, { mode: 0o600, flags: "wx" }),
    { signal: options.signal },
  );
  return { sha256: hash.digest("hex"), bytes };
}
