import { SlipwayError } from "@slipway/contracts";

/** Flag (one byte) and length (four) before each message. */
export const PREFIX_BYTES = 5;

/**
 * Follows the bytes of a call as they come and sees that they are exactly one message that is not compressed and not
 * too large. The message itself is not read, and nothing is ever put behind it: bytes that a caller wrote may be read as
 * swallowing what follows them.
 */
export class FrameCheck {
  readonly #limitBytes: number;
  readonly #prefix: number[] = [];
  #bytes = 0;
  /** Prefix and message together; null until the prefix has come. */
  #announcedBytes: number | null = null;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of the whole call as its prefix says; null until that is known. */
  get announcedBytes(): number | null {
    return this.#announcedBytes;
  }

  /** @throws SlipwayError request/invalid, request/too_large, request/unimplemented */
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#announcedBytes === null) this.#readPrefix(chunk);
    if (this.#announcedBytes !== null && this.#bytes > this.#announcedBytes) throw invalid(ONE_MESSAGE);
  }

  /** The caller has said all. @throws SlipwayError request/invalid */
  end(): void {
    if (this.#announcedBytes === null || this.#bytes < this.#announcedBytes) {
      throw invalid(this.#bytes === 0 ? ONE_MESSAGE : "The message is not complete.");
    }
  }

  #readPrefix(chunk: Buffer): void {
    for (let index = 0; index < chunk.length && this.#prefix.length < PREFIX_BYTES; index += 1) {
      this.#prefix.push(chunk[index] ?? 0);
    }
    if (this.#prefix.length < PREFIX_BYTES) return;
    const [flag] = this.#prefix;
    if (flag === 1) throw new SlipwayError("request/unimplemented", { what: COMPRESSION });
    if (flag !== 0) throw invalid("The message's prefix is not one of gRPC.");
    const length = Buffer.from(this.#prefix).readUInt32BE(1);
    if (length > this.#limitBytes) throw new SlipwayError("request/too_large", { limitBytes: this.#limitBytes });
    this.#announcedBytes = PREFIX_BYTES + length;
  }
}

export const COMPRESSION = "Compression of messages";
const ONE_MESSAGE = "The call must carry exactly one message.";

/** One message with its prefix. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(PREFIX_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

function invalid(problem: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem });
}
