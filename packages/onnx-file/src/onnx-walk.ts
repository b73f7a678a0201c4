import { BrokenFile, type ByteWindow, type Want } from "./byte-window.ts";
import { CHILDREN, type MessageType, TEXTS } from "./message-types.ts";
import { WIRE_32_BIT, WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT, WireCursor } from "./wire-cursor.ts";

const CUT_OFF = "it is damaged, or cut off as by a download that broke off. Export or copy it again.";

/** The key of a model's metadata under which it may carry a request to try it with, as JSON. */
export const SAMPLE_KEY = "slipway.sample";

/** Three for each graph inside another, of which the runtime allows some thirty. */
const MAX_DEPTH = 128;
const MAX_TEXT_BYTES = 1_048_576;
/** Of all names together, so that many long ones take no more memory than many short ones. */
const MAX_TEXT_BYTES_IN_ALL = 67_108_864;
const MAX_SAMPLE_BYTES = 65_536;
const MAX_EXTERNAL_ENTRIES = 100_000;
const MAX_INITIALIZERS = 1_000_000;
/** Inputs or outputs, and dimensions of one. */
const MAX_VALUES = 10_000;
const MAX_DIMENSIONS = 64;
const GRAPH_INPUT = 11;
const OPTIONAL_TYPE = 9;

/** An input or output of the graph as the file states it; null for what it leaves unsaid. */
export type StatedValue = {
  name: string;
  isTensor: boolean;
  isOptional: boolean;
  element: number;
  dimensions: number[] | null;
};

type Texts = Map<number, string>;

/**
 * Walks a model's protobuf without loading it: skips all weights, keeps a bounded amount. Its generators ask for bytes of
 * the file and go on when the window holds them, so that one walk serves readers that block and readers that do not.
 * All throw BrokenFile, with what was found until there still standing.
 */
export class OnnxWalk {
  readonly externalData = new Set<string>();
  readonly inputs: StatedValue[] = [];
  readonly outputs: StatedValue[] = [];
  /** Values that the file brings along; an input of this name need not be given. */
  readonly initializers = new Set<string>();
  /** Text of the sample that the model carries; null when it carries none. */
  sample: string | null = null;
  hasGraph = false;
  readonly #cursor: WireCursor;
  #value: StatedValue = emptyValue();
  #textBytes = 0;

  constructor(window: ByteWindow) {
    this.#cursor = new WireCursor(window);
  }

  *run(): Generator<Want, void, void> {
    yield* this.#message("Model", 0, 0, this.#cursor.window.size, 0);
    if (!this.hasGraph) throw new BrokenFile("the file holds no graph");
  }

  *#message(type: MessageType, field: number, start: number, end: number, depth: number): Generator<Want, void, void> {
    if (depth > MAX_DEPTH) throw new BrokenFile(`its messages are nested deeper than ${MAX_DEPTH} levels`);
    const texts: Texts = new Map();
    const cursor = this.#cursor;
    this.#begin(type);
    cursor.position = start;
    while (cursor.position < end) {
      const want = cursor.beginField();
      if (want !== null) yield want;
      const tag = cursor.varint();
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (wire === WIRE_VARINT) this.#number(type, number, cursor.varint());
      else if (wire === WIRE_64_BIT) cursor.position += 8;
      else if (wire === WIRE_32_BIT) cursor.position += 4;
      else if (wire === WIRE_LENGTH) yield* this.#lengthDelimited(type, number, end, depth, texts);
      else throw new BrokenFile("a field has an unknown wire type");
    }
    if (cursor.position !== end) throw new BrokenFile("a field reaches over the end of its message");
    this.#finish(type, field, depth, texts);
  }

  *#lengthDelimited(
    type: MessageType,
    field: number,
    end: number,
    depth: number,
    texts: Texts,
  ): Generator<Want, void, void> {
    const cursor = this.#cursor;
    const length = cursor.varint();
    const start = cursor.position;
    if (start + length > end)
      throw new BrokenFile(depth === 0 ? CUT_OFF : "a field reaches over the end of its message");
    if (type === "ValueType" && field === OPTIONAL_TYPE) this.#value.isOptional = true;
    const child = CHILDREN[type][field];
    if (child !== undefined) yield* this.#message(child, field, start, start + length, depth + 1);
    else if (TEXTS[type]?.includes(field) === true) yield* this.#text(type, field, length, texts);
    cursor.position = start + length;
  }

  *#text(type: MessageType, field: number, length: number, texts: Texts): Generator<Want, void, void> {
    const isSample = type === "MetadataEntry" && field === 2 && texts.get(1) === SAMPLE_KEY;
    // Metadata may be as long as anybody likes; only the sample is of interest.
    if (type === "MetadataEntry" && (field === 2 ? !isSample || length > MAX_SAMPLE_BYTES : length > MAX_TEXT_BYTES)) {
      return;
    }
    if (!isSample && length > MAX_TEXT_BYTES) throw new BrokenFile(`a name is longer than ${MAX_TEXT_BYTES} bytes`);
    this.#textBytes += length;
    if (this.#textBytes > MAX_TEXT_BYTES_IN_ALL) throw new BrokenFile("its names take too much memory to be read");
    const cursor = this.#cursor;
    const want = cursor.window.missing(cursor.position, length);
    if (want !== null) yield want;
    texts.set(field, cursor.window.textAt(cursor.position, length));
  }

  #begin(type: MessageType): void {
    if (type === "ValueInfo") this.#value = emptyValue();
    else if (type === "TensorType") this.#value.isTensor = true;
    else if (type === "Shape") this.#value.dimensions = [];
    else if (type === "Dimension") this.#addDimension();
  }

  #number(type: MessageType, field: number, value: number): void {
    if (field !== 1) return;
    if (type === "TensorType") this.#value.element = value;
    else if (type === "Dimension") {
      const dimensions = this.#value.dimensions ?? [];
      // A negative number takes ten bytes and is larger than any real size.
      if (dimensions.length > 0) dimensions[dimensions.length - 1] = Number.isSafeInteger(value) ? value : -1;
    }
  }

  #finish(type: MessageType, field: number, depth: number, texts: Texts): void {
    if (type === "Graph") this.hasGraph = true;
    else if (type === "ExternalEntry" && texts.get(1) === "location") this.#addExternal(texts.get(2) ?? "");
    else if (type === "MetadataEntry" && texts.get(1) === SAMPLE_KEY) this.sample = texts.get(2) ?? null;
    else if (type === "Tensor" && depth <= 3) this.#addInitializer(texts.get(8));
    else if (type === "ValueInfo" && depth === 2) {
      const values = field === GRAPH_INPUT ? this.inputs : this.outputs;
      if (values.length >= MAX_VALUES) throw new BrokenFile(`it has more than ${MAX_VALUES} inputs or outputs`);
      values.push({ ...this.#value, name: texts.get(1) ?? "" });
    }
  }

  #addDimension(): void {
    const { dimensions } = this.#value;
    if (dimensions === null) return;
    if (dimensions.length >= MAX_DIMENSIONS) throw new BrokenFile(`a shape has more than ${MAX_DIMENSIONS} dimensions`);
    dimensions.push(-1);
  }

  #addExternal(location: string): void {
    this.externalData.add(location);
    if (this.externalData.size > MAX_EXTERNAL_ENTRIES) {
      throw new BrokenFile(`its tensors lie in more than ${MAX_EXTERNAL_ENTRIES} other files`);
    }
  }

  #addInitializer(name: string | undefined): void {
    if (name !== undefined && this.initializers.size < MAX_INITIALIZERS) this.initializers.add(name);
  }
}

function emptyValue(): StatedValue {
  return { name: "", isTensor: false, isOptional: false, element: 0, dimensions: null };
}
