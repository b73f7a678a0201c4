import { type Datatype, isText, type NumericData, type Tensor } from "@slipway/inference";

/**
 * Tensors on their way between threads. Numbers move without a copy. Texts travel as few long ones, for a thread takes
 * its time for each text that it receives, all at once, and other requests would wait.
 */
export type PackedTensor = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: NumericData | PackedTexts;
};
/** Each part holds up to TEXTS_OF_PART texts, and where in it each of them ends. */
type PackedTexts = readonly { readonly joined: string; readonly ends: Uint32Array }[];

/** Few enough to be joined or cut in some milliseconds. */
const TEXTS_OF_PART = 16_384;

/** Lets others go on between two parts. */
export type Pause = () => Promise<void> | void;

/** The tensors are not to be used afterwards: the receiver gets the memory of those listed in `transfer`. */
export async function packTensors(
  tensors: readonly Tensor[],
  pause: Pause,
): Promise<{ packed: PackedTensor[]; transfer: ArrayBuffer[] }> {
  const transfer = new Set<ArrayBuffer>();
  const packed: PackedTensor[] = [];
  for (const { name, datatype, shape, data } of tensors) {
    packed.push({
      name,
      datatype,
      shape,
      data: isText(data) ? await packTexts(data, pause) : ownMemory(data, transfer),
    });
  }
  return { packed, transfer: [...transfer] };
}

export async function unpackTensors(packed: readonly PackedTensor[], pause: Pause): Promise<Tensor[]> {
  const tensors: Tensor[] = [];
  for (const { name, datatype, shape, data } of packed) {
    tensors.push({ name, datatype, shape, data: isPacked(data) ? await unpackTexts(data, pause) : data });
  }
  return tensors;
}

/** Elements in memory of their own: that of rows out of a joined run is shared with the rows of others. */
function ownMemory(data: NumericData, transfer: Set<ArrayBuffer>): NumericData {
  const { buffer } = data;
  const isOwn = buffer instanceof ArrayBuffer && data.byteLength === buffer.byteLength && !transfer.has(buffer);
  const own = isOwn ? data : data.slice();
  if (own.buffer instanceof ArrayBuffer) transfer.add(own.buffer);
  return own;
}

async function packTexts(texts: readonly string[], pause: Pause): Promise<PackedTexts> {
  const parts: { joined: string; ends: Uint32Array }[] = [];
  for (let start = 0; start < texts.length; start += TEXTS_OF_PART) {
    if (start > 0) await pause();
    const part = texts.slice(start, start + TEXTS_OF_PART);
    const ends = new Uint32Array(part.length);
    let end = 0;
    for (let index = 0; index < part.length; index += 1) {
      end += part[index]?.length ?? 0;
      ends[index] = end;
    }
    parts.push({ joined: part.join(""), ends });
  }
  return parts;
}

async function unpackTexts(parts: PackedTexts, pause: Pause): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const [index, { joined, ends }] of parts.entries()) {
    if (index > 0) await pause();
    let start = 0;
    for (const end of ends) {
      texts.push(joined.slice(start, end));
      start = end;
    }
  }
  return texts;
}

function isPacked(data: NumericData | PackedTexts): data is PackedTexts {
  return Array.isArray(data);
}
