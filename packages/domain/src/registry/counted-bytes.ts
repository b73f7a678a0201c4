import { SlipwayError } from "@slipway/contracts";

/**
 * The bytes of a source that should give `expectedBytes`, so that a reader never takes a cut stream for a whole one.
 * @throws registry/read_cut when they end early, for whatever cause; what the signal throws
 */
export async function* countedBytes(
  source: AsyncIterable<Uint8Array>,
  { expectedBytes, signal }: { expectedBytes: number; signal: AbortSignal },
): AsyncGenerator<Uint8Array, void> {
  let receivedBytes = 0;
  try {
    for await (const chunk of source) {
      receivedBytes += chunk.length;
      yield chunk;
    }
  } catch {
    // What the other end said of it may hold more than readers should see.
    signal.throwIfAborted();
    throw new SlipwayError("registry/read_cut", { receivedBytes, expectedBytes });
  }
  if (receivedBytes !== expectedBytes) throw new SlipwayError("registry/read_cut", { receivedBytes, expectedBytes });
}
