import { SlipwayError } from "@slipway/contracts";
import type { Context } from "./context.ts";

/** How much of a stream is taken before the disk is looked at again. */
const LOOK_EVERY_BYTES = 8 * 1024 * 1024;

/**
 * Refuses what may be refused while the disk is nearly full, so that what was accepted is kept and everything else goes on.
 * @throws platform/disk_full
 */
export async function requireRoom({ disk }: Pick<Context, "disk">, neededBytes = 0): Promise<void> {
  const shortage = (await disk?.shortage(neededBytes)) ?? null;
  if (shortage !== null) throw new SlipwayError("platform/disk_full", shortage);
}

/** The same bytes, for as long as the disk has room. @throws platform/disk_full */
export async function* whileRoom(
  ctx: Pick<Context, "disk">,
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let sinceLook = 0;
  for await (const chunk of bytes) {
    sinceLook += chunk.length;
    if (sinceLook >= LOOK_EVERY_BYTES) {
      await requireRoom(ctx, chunk.length);
      sinceLook = 0;
    }
    yield chunk;
  }
}
