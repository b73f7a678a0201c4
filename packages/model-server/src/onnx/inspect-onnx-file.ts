import { type FileCursor, openFileCursor } from "./file-cursor.ts";

/** What is read of a model before any runtime touches it. */
export type OnnxFileFacts = {
  /** Files that its tensors refer to, as written. */
  externalData: readonly string[];
  /** Inputs and outputs that say nothing of their shape. */
  withoutShape: readonly string[];
};

type MessageType =
  | "Model"
  | "Training"
  | "Function"
  | "Graph"
  | "SparseTensor"
  | "Node"
  | "Attribute"
  | "Tensor"
  | "ExternalEntry"
  | "ValueInfo"
  | "ValueType"
  | "TensorType";

/** The messages of onnx.proto through which a tensor or an input can be reached, by field number. */
const CHILDREN: Readonly<Record<MessageType, Readonly<Record<number, MessageType>>>> = {
  Model: { 7: "Graph", 20: "Training", 25: "Function" },
  Training: { 1: "Graph", 2: "Graph" },
  Function: { 7: "Node", 11: "Attribute" },
  Graph: { 1: "Node", 5: "Tensor", 11: "ValueInfo", 12: "ValueInfo", 15: "SparseTensor" },
  SparseTensor: { 1: "Tensor", 2: "Tensor" },
  Node: { 5: "Attribute" },
  Attribute: { 5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "SparseTensor", 23: "SparseTensor" },
  Tensor: { 13: "ExternalEntry" },
  ExternalEntry: {},
  ValueInfo: { 2: "ValueType" },
  ValueType: { 1: "TensorType" },
  TensorType: {},
};

const MAX_DEPTH = 64;
const MAX_TEXT_BYTES = 4_096;
const MAX_EXTERNAL_ENTRIES = 100_000;
const WIRE_VARINT = 0;
const WIRE_64_BIT = 1;
const WIRE_LENGTH = 2;
const WIRE_32_BIT = 5;

/**
 * Walks a model's protobuf without loading it: skips all weights, keeps a bounded amount.
 * @throws Error in words when the file is not a well-formed message
 */
export function inspectOnnxFile(path: string): OnnxFileFacts {
  const cursor = openFileCursor(path);
  try {
    const walk = new OnnxWalk(cursor);
    walk.message("Model", 0, cursor.size, 0);
    if (!walk.hasGraph) throw new Error("the file holds no graph");
    return { externalData: walk.externalData, withoutShape: walk.withoutShape };
  } finally {
    cursor.close();
  }
}

class OnnxWalk {
  readonly externalData: string[] = [];
  readonly withoutShape: string[] = [];
  hasGraph = false;
  readonly #cursor: FileCursor;
  #position = 0;
  #hasShape = false;

  constructor(cursor: FileCursor) {
    this.#cursor = cursor;
  }

  message(type: MessageType, start: number, end: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new Error(`its messages are nested deeper than ${MAX_DEPTH} levels`);
    const texts = new Map<number, string>();
    if (type === "ValueInfo") this.#hasShape = false;
    this.#position = start;
    while (this.#position < end) {
      const tag = this.#varint();
      const field = Math.floor(tag / 8);
      const wire = tag % 8;
      if (wire === WIRE_VARINT) this.#varint();
      else if (wire === WIRE_64_BIT) this.#position += 8;
      else if (wire === WIRE_32_BIT) this.#position += 4;
      else if (wire === WIRE_LENGTH) this.#lengthDelimited(type, field, end, depth, texts);
      else throw new Error("a field has an unknown wire type");
    }
    if (this.#position !== end) throw new Error("a field reaches over the end of its message");
    if (type === "Graph") this.hasGraph = true;
    if (type === "ExternalEntry" && texts.get(1) === "location") this.#addExternal(texts.get(2) ?? "");
    if (type === "ValueInfo" && depth === 2 && !this.#hasShape) this.withoutShape.push(texts.get(1) ?? "");
  }

  #lengthDelimited(type: MessageType, field: number, end: number, depth: number, texts: Map<number, string>): void {
    const length = this.#varint();
    const start = this.#position;
    if (start + length > end) throw new Error("a field reaches over the end of its message");
    const child = CHILDREN[type][field];
    if (child !== undefined) this.message(child, start, start + length, depth + 1);
    else if (type === "TensorType" && field === 2) this.#hasShape = true;
    else if ((type === "ExternalEntry" && field <= 2) || (type === "ValueInfo" && field === 1)) {
      if (length > MAX_TEXT_BYTES) throw new Error(`a name is longer than ${MAX_TEXT_BYTES} bytes`);
      texts.set(field, this.#cursor.bytesAt(start, length).toString("utf8"));
    }
    this.#position = start + length;
  }

  #addExternal(location: string): void {
    if (this.externalData.length >= MAX_EXTERNAL_ENTRIES) {
      throw new Error(`more than ${MAX_EXTERNAL_ENTRIES} tensors lie in other files`);
    }
    if (this.externalData.at(-1) !== location) this.externalData.push(location);
  }

  /** An unsigned number; those beyond 2^53 lose digits, which no length or tag of a real file has. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 10; shift += 1) {
      const byte = this.#cursor.byteAt(this.#position);
      this.#position += 1;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw new Error("a number is longer than ten bytes");
  }
}
