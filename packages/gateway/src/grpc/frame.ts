import { SlipwayError } from "@slipway/contracts";

/** Flag (one byte) and length (four) before each message. */
const PREFIX_BYTES = 5;
const MODEL_NAME_FIELD = 0x0a;
const MODEL_VERSION_FIELD = 0x12;

/**
 * Names the model and version of a request for a replica without reading the message: in protobuf the last value of a
 * field counts, and name and version are fields 1 and 2 of every request about a model, so both are put behind it.
 * @throws SlipwayError request/invalid unless the body is exactly one message that is not compressed
 */
export function nameModel(body: Buffer, modelUid: string, version: string): Buffer {
  if (body.length < PREFIX_BYTES)
    throw new SlipwayError("request/invalid", { problem: "The message is not complete." });
  if (body[0] !== 0) throw new SlipwayError("request/invalid", { problem: "Compressed messages are not accepted." });
  if (body.readUInt32BE(1) !== body.length - PREFIX_BYTES) {
    throw new SlipwayError("request/invalid", { problem: "The call must carry exactly one message." });
  }
  const names = Buffer.concat([textField(MODEL_NAME_FIELD, modelUid), textField(MODEL_VERSION_FIELD, version)]);
  const named = Buffer.concat([body, names]);
  named.writeUInt32BE(named.length - PREFIX_BYTES, 1);
  return named;
}

/** One message with its prefix. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(PREFIX_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

function textField(tag: number, text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  // Uids and versions are short; one byte of length holds up to 127.
  if (bytes.length > 127) throw new RangeError("a model's uid or version is longer than 127 bytes");
  return Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
}
