/** What operators do, and with what: the part of a model's graph that can be read without its weights. */

/** A tensor that the file brings along. `values` are those of a short one of whole or FP32 numbers; null for all others. */
export type GraphConstant = {
  name: string;
  element: number;
  dims: readonly number[];
  values: readonly number[] | null;
};

/** What a node is set to. Only that which is short is kept: `isWhole` is false where something was left out. */
export type NodeAttribute = {
  int: number | null;
  float: number | null;
  text: string | null;
  ints: readonly number[];
  texts: readonly string[];
  tensor: GraphConstant | null;
  holdsGraph: boolean;
  isWhole: boolean;
};

export type GraphNode = {
  name: string;
  /** Without "ai.onnx", which is the same as none. */
  domain: string;
  op: string;
  /** An empty name stands for one that is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: ReadonlyMap<string, NodeAttribute>;
};

/** A dimension: its size, the name of a size that is open, or null for one that says nothing. */
export type GraphDimension = number | string | null;
export type GraphValue = { name: string; dimensions: readonly GraphDimension[] | null };

export type OnnxGraph = {
  irVersion: number;
  /** The version of each domain's operators. */
  opsets: ReadonlyMap<string, number>;
  /** Operators that the file defines itself, as `domain:name`. */
  functions: ReadonlySet<string>;
  /** In the order of the file, in which each comes after those that it takes from. */
  nodes: readonly GraphNode[];
  constants: ReadonlyMap<string, GraphConstant>;
  /** Those without a value of their own. */
  inputs: readonly GraphValue[];
  outputs: readonly GraphValue[];
};

/** A node as people find it again: its operator, and its name where it has one. */
export function nodeTitle({ domain, op, name, outputs }: GraphNode): string {
  const operator = domain === "" ? op : `${domain}.${op}`;
  const shown = name === "" || name === op ? outputs.find((output) => output !== "") : name;
  return shown === undefined ? operator : `${operator} (${shorten(shown)})`;
}

/** A name of any length as a reason can show it. */
export function shorten(name: string): string {
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}

/** The name that a function of the file is found by. */
export function functionKey(domain: string, op: string): string {
  return `${domain}:${op}`;
}
