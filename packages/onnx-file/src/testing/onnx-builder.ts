import { DATATYPE_OF_ELEMENT, type OnnxDatatype as Datatype } from "../element-types.ts";
import { float, integer, message } from "./protobuf-writer.ts";

/** ONNX's numbers of the element types. */
const ELEMENT: ReadonlyMap<string, number> = new Map(
  Object.entries(DATATYPE_OF_ELEMENT).map(([element, datatype]) => [datatype, Number(element)]),
);

function elementOf(datatype: Datatype): number {
  return ELEMENT.get(datatype) ?? 0;
}

export type Attribute =
  | { name: string; int: number | bigint }
  | { name: string; float: number }
  | { name: string; text: string }
  | { name: string; tensor: Initializer }
  | { name: string; ints: readonly number[] }
  | { name: string; floats: readonly number[] }
  | { name: string; strings: readonly string[] }
  | { name: string; graph: Graph };
export type Node = {
  op: string;
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: readonly Attribute[];
};
/** A dimension is a number or a name; a null shape is left out of the file. */
export type Value = { name: string; datatype: Datatype; shape: readonly (number | string)[] | null };
export type Initializer = { name: string; datatype: Datatype; dims: readonly number[] } & (
  | { raw: Buffer }
  | { location: string }
);
export type Graph = {
  nodes: readonly Node[];
  inputs: readonly Value[];
  outputs: readonly Value[];
  initializers?: readonly Initializer[];
};
/** What a model says besides, by key. */
export type Metadata = Readonly<Record<string, string>>;

/** The versions that a model states: of the format, and of each domain's operators. */
export type Versions = { ir?: number; opset?: number; domains?: Readonly<Record<string, number>> };

/** The bytes of a small ONNX model, so that tests need no Python. */
export function onnxModel(graph: Graph, metadata: Metadata = {}, versions: Versions = {}): Buffer {
  const opset = (domain: string, version: number) =>
    message(8, Buffer.concat([message(1, domain), integer(2, version)]));
  const properties = Object.entries(metadata).map(([key, value]) =>
    message(14, Buffer.concat([message(1, key), message(2, value)])),
  );
  const domains = { "": versions.opset ?? 17, "ai.onnx.ml": 3, ...versions.domains };
  const opsets = Object.entries(domains).map(([domain, version]) => opset(domain, version));
  return Buffer.concat([integer(1, versions.ir ?? 8), message(7, graphBytes(graph)), ...opsets, ...properties]);
}

function graphBytes(graph: Graph): Buffer {
  return Buffer.concat([
    ...graph.nodes.map((node) => message(1, nodeBytes(node))),
    message(2, "graph"),
    ...(graph.initializers ?? []).map((initializer) => message(5, initializerBytes(initializer))),
    ...graph.inputs.map((value) => message(11, valueBytes(value))),
    ...graph.outputs.map((value) => message(12, valueBytes(value))),
  ]);
}

function nodeBytes({ op, domain, inputs, outputs, attributes = [] }: Node): Buffer {
  return Buffer.concat([
    ...inputs.map((input) => message(1, input)),
    ...outputs.map((output) => message(2, output)),
    message(4, op),
    ...attributes.map((attribute) => message(5, attributeBytes(attribute))),
    ...(domain === undefined ? [] : [message(7, domain)]),
  ]);
}

function attributeBytes(attribute: Attribute): Buffer {
  const name = message(1, attribute.name);
  if ("int" in attribute) return Buffer.concat([name, integer(3, attribute.int), integer(20, 2)]);
  if ("float" in attribute) return Buffer.concat([name, float(2, attribute.float), integer(20, 1)]);
  if ("text" in attribute) return Buffer.concat([name, message(4, attribute.text), integer(20, 3)]);
  if ("tensor" in attribute) {
    return Buffer.concat([name, message(5, initializerBytes(attribute.tensor)), integer(20, 4)]);
  }
  if ("graph" in attribute) return Buffer.concat([name, message(6, graphBytes(attribute.graph)), integer(20, 5)]);
  if ("floats" in attribute) {
    return Buffer.concat([name, ...attribute.floats.map((value) => float(7, value)), integer(20, 6)]);
  }
  if ("ints" in attribute) {
    return Buffer.concat([name, ...attribute.ints.map((value) => integer(8, value)), integer(20, 7)]);
  }
  return Buffer.concat([name, ...attribute.strings.map((value) => message(9, value)), integer(20, 8)]);
}

function valueBytes({ name, datatype, shape }: Value): Buffer {
  const dimension = (size: number | string) => (typeof size === "number" ? integer(1, size) : message(2, size));
  const shapeBytes =
    shape === null ? [] : [message(2, Buffer.concat(shape.map((size) => message(1, dimension(size)))))];
  const tensorType = Buffer.concat([integer(1, elementOf(datatype)), ...shapeBytes]);
  return Buffer.concat([message(1, name), message(2, message(1, tensorType))]);
}

function initializerBytes(initializer: Initializer): Buffer {
  const { name, datatype, dims } = initializer;
  const head = [...dims.map((size) => integer(1, size)), integer(2, elementOf(datatype)), message(8, name)];
  if ("raw" in initializer) return Buffer.concat([...head, message(9, initializer.raw)]);
  const entry = Buffer.concat([message(1, "location"), message(2, initializer.location)]);
  return Buffer.concat([...head, message(13, entry), integer(14, 1)]);
}
