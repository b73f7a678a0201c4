import { SlipwayError } from "@slipway/contracts";
import { type Datatype, elementBytes } from "./datatype.ts";
import { bytesOf, dataFromBuffer, isText, type TensorData } from "./tensor.ts";

const LENGTH_BYTES = 4;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads elements from their binary form: row-major, little-endian, each BYTES element after its length as an unsigned
 * 32-bit integer. The elements are a copy, aligned and independent of the message.
 * @throws SlipwayError tensor/element_count, tensor/value
 */
export function readRawContents(datatype: Datatype, raw: Uint8Array, count: number, input: string): TensorData {
  if (datatype === "BYTES") return readRawTexts(raw, count, input);
  const size = elementBytes(datatype) ?? 1;
  if (raw.byteLength !== count * size) {
    throw new SlipwayError(
      "tensor/element_count",
      { input, given: Math.floor(raw.byteLength / size), expected: count },
      { field: `inputs.${input}.raw` },
    );
  }
  // Not slice(): a message read from a Buffer holds Buffers, whose slices share its memory.
  const data = dataFromBuffer(datatype, new Uint8Array(raw).buffer, 0, count);
  if (datatype === "BOOL") checkBooleans(raw, input);
  return data;
}

/** The binary form of elements; numbers share the tensor's memory. */
export function writeRawContents(data: TensorData): Uint8Array {
  if (!isText(data)) return bytesOf(data);
  const encoded = data.map((text) => Buffer.from(text, "utf8"));
  const raw = Buffer.alloc(encoded.reduce((sum, bytes) => sum + LENGTH_BYTES + bytes.length, 0));
  let offset = 0;
  for (const bytes of encoded) {
    raw.writeUInt32LE(bytes.length, offset);
    bytes.copy(raw, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + bytes.length;
  }
  return raw;
}

/** Text of one BYTES element. @throws SlipwayError tensor/value when it is not UTF-8 */
export function decodeText(bytes: Uint8Array, input: string, index: number): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    throw new SlipwayError(
      "tensor/value",
      { input, index, given: "not UTF-8", expected: "UTF-8 text" },
      { cause: error, field: `inputs.${input}.${index}` },
    );
  }
}

function readRawTexts(raw: Uint8Array, count: number, input: string): readonly string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const texts: string[] = [];
  let offset = 0;
  while (offset + LENGTH_BYTES <= raw.byteLength) {
    const length = view.getUint32(offset, true);
    const end = offset + LENGTH_BYTES + length;
    if (end > raw.byteLength || texts.length === count) break;
    texts.push(decodeText(raw.subarray(offset + LENGTH_BYTES, end), input, texts.length));
    offset = end;
  }
  if (offset !== raw.byteLength || texts.length !== count) {
    throw new SlipwayError(
      "tensor/element_count",
      { input, given: texts.length, expected: count },
      { field: `inputs.${input}.raw` },
    );
  }
  return texts;
}

function checkBooleans(raw: Uint8Array, input: string): void {
  const index = raw.findIndex((byte) => byte > 1);
  if (index === -1) return;
  throw new SlipwayError(
    "tensor/value",
    { input, index, given: String(raw[index]), expected: "0 or 1" },
    { field: `inputs.${input}.raw.${index}` },
  );
}
