import { SlipwayError } from "@slipway/contracts";

/** Flag (one byte) and length (four) before each message. */
const PREFIX_BYTES = 5;

/**
 * Checks that a body is exactly one message that is not compressed. The message itself is not read, and nothing is ever
 * put behind it: bytes that a caller wrote may be read as swallowing what follows them.
 * @throws SlipwayError request/invalid
 */
export function checkFrame(body: Buffer): void {
  if (body.length < PREFIX_BYTES)
    throw new SlipwayError("request/invalid", { problem: "The message is not complete." });
  if (body[0] !== 0) throw new SlipwayError("request/invalid", { problem: "Compressed messages are not accepted." });
  if (body.readUInt32BE(1) !== body.length - PREFIX_BYTES) {
    throw new SlipwayError("request/invalid", { problem: "The call must carry exactly one message." });
  }
}

/** One message with its prefix. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(PREFIX_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}
