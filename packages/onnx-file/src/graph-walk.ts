import { BrokenFile, type ByteWindow, type Want } from "./byte-window.ts";
import {
  functionKey,
  type GraphConstant,
  type GraphDimension,
  type GraphNode,
  type GraphValue,
  type NodeAttribute,
  type OnnxGraph,
} from "./graph.ts";
import { WIRE_32_BIT, WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT, WireCursor } from "./wire-cursor.ts";

type Kind = "Model" | "Opset" | "Function" | "Graph" | "Node" | "Attribute" | "Tensor" | "Sparse" | "External" | Shapes;
type Shapes = "ValueInfo" | "Type" | "TensorType" | "Shape" | "Dimension";
/** How a field is read: as another message, a text, a number, or bytes that hold the numbers of a short tensor. */
type Reading = Kind | "text" | "int" | "float" | "bytes" | "present";

const FIELDS: Readonly<Record<Kind, Readonly<Record<number, Reading>>>> = {
  Model: { 1: "int", 7: "Graph", 8: "Opset", 25: "Function" },
  Opset: { 1: "text", 2: "int" },
  Function: { 1: "text", 10: "text" },
  Graph: { 1: "Node", 5: "Tensor", 11: "ValueInfo", 12: "ValueInfo", 15: "Sparse" },
  Node: { 1: "text", 2: "text", 3: "text", 4: "text", 5: "Attribute", 7: "text" },
  Attribute: {
    ...{ 1: "text", 2: "float", 3: "int", 4: "text", 5: "Tensor", 6: "present", 8: "int", 9: "text" },
    ...{ 11: "present", 21: "present" },
  },
  Tensor: { 1: "int", 2: "int", 4: "float", 5: "int", 7: "int", 8: "text", 9: "bytes", 13: "External", 14: "int" },
  Sparse: { 1: "Tensor", 3: "int" },
  External: {},
  ValueInfo: { 1: "text", 2: "Type" },
  Type: { 1: "TensorType" },
  TensorType: { 2: "Shape" },
  Shape: { 1: "Dimension" },
  Dimension: { 1: "int", 2: "text" },
};

/** Longer lists of numbers or words are weights, which no decision needs. */
const MAX_LIST = 64;
const MAX_BYTES = MAX_LIST * 8;
/** Of an attribute. */
const MAX_ATTRIBUTE_TEXT_BYTES = 4_096;
/** The words that are counted are needed all: one of them may be what texts are filled up with. */
const VOCABULARY = "pool_strings";
const MAX_WORDS = 200_000;
const MAX_NAME_BYTES = 1_048_576;
const MAX_TEXT_BYTES_IN_ALL = 67_108_864;
/** Nodes, constants, inputs, outputs and attributes together. */
const MAX_PARTS = 1_000_000;

const INT32 = 6;
const INT64 = 7;
const FLOAT = 1;
const EXTERNAL = 1;

/** What was read of one message, by field number. */
class Message {
  readonly kind: Kind;
  readonly numbers = new Map<number, number[]>();
  readonly texts = new Map<number, string[]>();
  readonly children = new Map<number, Message[]>();
  bytes: Uint8Array | null = null;
  /** Something was too long to be kept. */
  isCut = false;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  number(field: number): number | null {
    return this.numbers.get(field)?.at(-1) ?? null;
  }

  text(field: number): string {
    return this.texts.get(field)?.at(-1) ?? "";
  }

  has(field: number): boolean {
    return this.numbers.has(field) || this.children.has(field);
  }
}

/**
 * Reads the nodes of a model's outermost graph, what they are set to, and the short constants that shapes are made of.
 * Weights are skipped, and graphs inside nodes are only noted: whoever decides by the operators stops at such a node.
 * What it keeps is bounded in number and bytes. Throws BrokenFile for what is beyond, and for what no model has.
 */
export class GraphWalk {
  readonly #cursor: WireCursor;
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, GraphConstant>();
  readonly #inputs: GraphValue[] = [];
  readonly #outputs: GraphValue[] = [];
  readonly #opsets = new Map<string, number>();
  readonly #functions = new Set<string>();
  #irVersion = 0;
  #textBytes = 0;
  #parts = 0;

  constructor(window: ByteWindow) {
    this.#cursor = new WireCursor(window);
  }

  *run(): Generator<Want, OnnxGraph, void> {
    const model = yield* this.#message("Model", this.#cursor.window.size);
    this.#irVersion = model.number(1) ?? 0;
    return {
      irVersion: this.#irVersion,
      opsets: this.#opsets,
      functions: this.#functions,
      nodes: this.#nodes,
      constants: this.#constants,
      inputs: this.#inputs.filter(({ name }) => !this.#constants.has(name)),
      outputs: this.#outputs,
    };
  }

  /** The kinds never contain themselves, so the depth is that of the table. */
  *#message(kind: Kind, end: number): Generator<Want, Message, void> {
    const message = new Message(kind);
    const cursor = this.#cursor;
    while (cursor.position < end) {
      const want = cursor.beginField();
      if (want !== null) yield want;
      const tag = cursor.varint();
      const field = Math.floor(tag / 8);
      const reading = FIELDS[kind][field];
      switch (tag % 8) {
        case WIRE_VARINT:
          if (reading === "int") this.#addNumber(message, field, cursor.signed());
          else cursor.varint();
          break;
        case WIRE_64_BIT:
          cursor.position += 8;
          break;
        case WIRE_32_BIT:
          if (reading === "float") this.#addNumber(message, field, this.#float());
          else cursor.position += 4;
          break;
        case WIRE_LENGTH:
          yield* this.#lengthDelimited(message, field, reading, end);
          break;
        default:
          throw new BrokenFile("a field has an unknown wire type");
      }
      // The nodes of a forest, of which each number would be a field to look at.
      if (message.isCut && kind === "Attribute" && message.texts.has(1)) cursor.position = end;
    }
    if (cursor.position !== end) throw new BrokenFile("a field reaches over the end of its message");
    return message;
  }

  *#lengthDelimited(
    message: Message,
    field: number,
    reading: Reading | undefined,
    end: number,
  ): Generator<Want, void, void> {
    const cursor = this.#cursor;
    const length = cursor.varint();
    const stop = cursor.position + length;
    if (stop > end) throw new BrokenFile("a field reaches over the end of its message");
    switch (reading) {
      case undefined:
        break;
      case "present":
        message.numbers.set(field, [1]);
        break;
      case "int":
      case "float":
        yield* this.#packed(message, field, reading, stop);
        break;
      case "text":
        yield* this.#text(message, field, length);
        break;
      case "bytes":
        if (length > MAX_BYTES) message.isCut = true;
        else {
          const want = cursor.window.missing(cursor.position, length);
          if (want !== null) yield want;
          message.bytes = cursor.window.bytesAt(cursor.position, length);
        }
        break;
      default:
        this.#take(message, field, yield* this.#message(reading, stop));
    }
    cursor.position = stop;
  }

  *#packed(message: Message, field: number, reading: "int" | "float", stop: number): Generator<Want, void, void> {
    const cursor = this.#cursor;
    if (stop - cursor.position > MAX_BYTES + MAX_LIST * 2) {
      message.isCut = true;
      return;
    }
    const want = cursor.window.missing(cursor.position, stop - cursor.position);
    if (want !== null) yield want;
    while (cursor.position < stop) {
      this.#addNumber(message, field, reading === "int" ? cursor.signed() : this.#float());
    }
  }

  *#text(message: Message, field: number, length: number): Generator<Want, void, void> {
    const { window, position } = this.#cursor;
    const isWord = message.kind === "Attribute" && field !== 1;
    const texts = message.texts.get(field) ?? [];
    const mostWords = message.text(1) === VOCABULARY ? MAX_WORDS : MAX_LIST;
    if (isWord && (length > MAX_ATTRIBUTE_TEXT_BYTES || texts.length >= mostWords)) {
      message.isCut = true;
      return;
    }
    if (length > MAX_NAME_BYTES) throw new BrokenFile(`a name is longer than ${MAX_NAME_BYTES} bytes`);
    this.#textBytes += length + 8;
    if (this.#textBytes > MAX_TEXT_BYTES_IN_ALL) throw new BrokenFile("its names take too much memory to be read");
    const want = window.missing(position, length);
    if (want !== null) yield want;
    const text = window.textAt(position, length);
    // Two names that differ in broken bytes alone would look like one.
    if (!isWord && text.includes("\ufffd")) throw new BrokenFile("a name is not UTF-8");
    texts.push(text);
    message.texts.set(field, texts);
  }

  #addNumber(message: Message, field: number, value: number): void {
    const numbers = message.numbers.get(field);
    if (numbers === undefined) message.numbers.set(field, [value]);
    else if (numbers.length < MAX_LIST) numbers.push(value);
    else message.isCut = true;
  }

  #float(): number {
    const { window, position } = this.#cursor;
    const bytes = new DataView(new ArrayBuffer(4));
    for (let index = 0; index < 4; index += 1) bytes.setUint8(index, window.byteAt(position + index));
    this.#cursor.position += 4;
    return bytes.getFloat32(0, true);
  }

  /** Puts a message that has been read where it belongs: parts of the graph into it, all others into their parent. */
  #take(parent: Message, field: number, child: Message): void {
    if (parent.kind === "Model" && child.kind === "Opset") {
      this.#opsets.set(domainOf(child.text(1)), child.number(2) ?? 0);
    } else if (child.kind === "Function") {
      this.#functions.add(functionKey(domainOf(child.text(10)), child.text(1)));
    } else if (parent.kind === "Graph") {
      this.#countPart();
      if (child.kind === "Node") this.#nodes.push(toNode(child));
      else if (child.kind === "ValueInfo") (field === 11 ? this.#inputs : this.#outputs).push(toValue(child));
      else this.#addConstant(child.kind === "Sparse" ? toSparse(child) : toConstant(child));
    } else if (child.kind !== "Graph") {
      this.#countPart();
      const children = parent.children.get(field) ?? [];
      children.push(child);
      parent.children.set(field, children);
    }
  }

  #addConstant(constant: GraphConstant): void {
    this.#constants.set(constant.name, constant);
  }

  #countPart(): void {
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw new BrokenFile("its graph has too many parts to be looked through");
  }
}

function domainOf(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function toNode(message: Message): GraphNode {
  const attributes = new Map<string, NodeAttribute>();
  for (const attribute of message.children.get(5) ?? []) attributes.set(attribute.text(1), toAttribute(attribute));
  return {
    name: message.text(3),
    domain: domainOf(message.text(7)),
    op: message.text(4),
    inputs: message.texts.get(1) ?? [],
    outputs: message.texts.get(2) ?? [],
    attributes,
  };
}

function toAttribute(message: Message): NodeAttribute {
  const tensors = message.children.get(5) ?? [];
  const [tensor] = tensors;
  return {
    int: message.number(3),
    float: message.number(2),
    text: message.texts.has(4) ? message.text(4) : null,
    ints: message.numbers.get(8) ?? [],
    texts: message.texts.get(9) ?? [],
    tensor: tensor === undefined ? null : toConstant(tensor),
    holdsGraph: message.has(6) || message.has(11),
    // A reference (field 21) takes its value from elsewhere, and two tensors in one are none that could be understood.
    isWhole: !message.isCut && !message.has(21) && tensors.length < 2,
  };
}

function toConstant(message: Message): GraphConstant {
  const element = message.number(2) ?? 0;
  const dims = message.numbers.get(1) ?? [];
  return { name: message.text(8), element, dims, values: valuesOf(message, element, dims) };
}

function toSparse(message: Message): GraphConstant {
  const name = message.children.get(1)?.at(-1)?.text(8) ?? "";
  return { name, element: 0, dims: message.numbers.get(3) ?? [], values: null };
}

function valuesOf(message: Message, element: number, dims: readonly number[]): number[] | null {
  const isExternal = message.number(14) === EXTERNAL || message.children.has(13);
  if (message.isCut || isExternal) return null;
  const count = dims.reduce((product, size) => product * size, 1);
  const values = message.bytes === null ? listedValues(message, element) : rawValues(message.bytes, element);
  return values?.length === count ? values : null;
}

function listedValues(message: Message, element: number): number[] | null {
  if (element === INT64) return message.numbers.get(7) ?? [];
  if (element === INT32) return message.numbers.get(5) ?? [];
  return element === FLOAT ? (message.numbers.get(4) ?? []) : null;
}

function rawValues(bytes: Uint8Array, element: number): number[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  if (element === INT64) {
    for (let at = 0; at + 8 <= bytes.length; at += 8) values.push(Number(view.getBigInt64(at, true)));
  } else if (element === INT32) {
    for (let at = 0; at + 4 <= bytes.length; at += 4) values.push(view.getInt32(at, true));
  } else if (element === FLOAT) {
    for (let at = 0; at + 4 <= bytes.length; at += 4) values.push(view.getFloat32(at, true));
  } else if (element === 9) {
    for (const byte of bytes) values.push(byte);
  } else return null;
  return values;
}

function toValue(message: Message): GraphValue {
  const shape = message.children.get(2)?.at(-1)?.children.get(1)?.at(-1)?.children.get(2)?.at(-1);
  const dimensions = shape === undefined ? null : (shape.children.get(1) ?? []).map(toDimension);
  return { name: message.text(1), dimensions };
}

function toDimension(message: Message): GraphDimension {
  const size = message.number(1);
  if (size !== null) return size;
  return message.texts.has(2) && message.text(2) !== "" ? message.text(2) : null;
}
