import { functionKey, type GraphConstant, type GraphNode, nodeTitle, type OnnxGraph, shorten } from "../graph.ts";
import { Operation } from "./operation.ts";
import { KNOWN_OPSETS, OPERATORS } from "./operators.ts";
import { type Fixed, type Followed, fixed, type Outcome, rowsAt } from "./values.ts";

/** Whether each row of a model's outputs depends on the same row of its inputs alone; `reason` says what stopped it. */
export type RowsApart = { apart: true; reason: "" } | { apart: false; reason: string };

/** No model has tensors of more axes, and looking at more would take long. */
const MAX_RANK = 64;

/**
 * Follows the rows (axis 0 of every input) through a graph. They are apart where every operator on their way is known to
 * keep them apart for any number of rows and any values; no trial can show that. All outputs must have them at axis 0.
 * What is open in the shapes besides the number of rows is taken to be equal, as it is in all that is joined.
 */
export function followRows(graph: OnnxGraph): RowsApart {
  const obstacle = findObstacle(graph);
  if (obstacle !== null) return { apart: false, reason: obstacle };
  const values = new Map<string, Followed>();
  for (const constant of graph.constants.values()) values.set(constant.name, toFixed(constant));
  for (const { name, dimensions } of graph.inputs) {
    const dims = (dimensions ?? []).map((size) => (typeof size === "number" && size > 0 ? size : null));
    values.set(name, rowsAt(0, dims));
  }
  for (const node of graph.nodes) {
    const outputs = followNode(node, graph, values);
    for (const [index, output] of node.outputs.entries()) {
      if (output !== "") values.set(output, outputs[index] ?? stopped(node, "gives an output that is not known"));
    }
  }
  for (const { name } of graph.outputs) {
    const reason = whyNotOneForEach(name, values.get(name));
    if (reason !== null) return { apart: false, reason };
  }
  return { apart: true, reason: "" };
}

/** What keeps any graph from being followed at all. */
function findObstacle(graph: OnnxGraph): string | null {
  if (graph.inputs.length === 0) return "the model has no input";
  for (const { name, dimensions } of graph.inputs) {
    const [first] = dimensions ?? [];
    if (first === undefined || (typeof first === "number" && first > 0)) {
      return `input ${shorten(name)} has no free first dimension`;
    }
  }
  return null;
}

function followNode(node: GraphNode, graph: OnnxGraph, values: ReadonlyMap<string, Followed>): readonly Followed[] {
  const inputs = node.inputs.map((name) => (name === "" ? null : (values.get(name) ?? unknown(name))));
  const lost = inputs.find((input) => input?.kind === "stopped");
  if (lost) return node.outputs.map(() => lost);
  const outcome = outcomeOf(node, graph, inputs);
  if (typeof outcome === "string") return node.outputs.map(() => stopped(node, outcome));
  return outcome.map((value) =>
    rankOf(value) > MAX_RANK ? stopped(node, "makes more axes than are followed") : value,
  );
}

function outcomeOf(node: GraphNode, graph: OnnxGraph, inputs: readonly (Followed | null)[]): Outcome {
  const { domain, op } = node;
  if (graph.functions.has(functionKey(domain, op))) return "is an operator of the model's own";
  if ([...node.attributes.values()].some(({ holdsGraph }) => holdsGraph)) return "holds a graph of its own";
  const follow = OPERATORS.get(domain)?.get(op);
  if (follow === undefined) return "is not known to keep rows apart";
  const opset = graph.opsets.get(domain);
  const known = KNOWN_OPSETS.get(domain);
  if (opset === undefined || known === undefined || opset < known.first || opset > known.last) {
    return `is of version ${opset ?? "none"} of its operators, which is not followed`;
  }
  const operation = new Operation(node, opset, inputs);
  const outcome = follow(operation);
  // Whatever it makes of constants is a constant: all operators that are known give equal answers to equal inputs.
  return typeof outcome === "string" && operation.isFixed ? operation.every(fixed()) : outcome;
}

function toFixed({ dims, values }: GraphConstant): Fixed {
  return { kind: "fixed", dims, elements: values };
}

function whyNotOneForEach(name: string, value: Followed | undefined): string | null {
  const output = `output ${shorten(name)}`;
  switch (value?.kind) {
    case undefined:
      return `${output} comes from nowhere in the graph`;
    case "stopped":
      return value.reason;
    case "rows":
      return value.axis === 0 ? null : `${output} has its rows at axis ${value.axis}`;
    case "fixed":
    case "counts":
      return `${output} is one for all rows`;
    case "padded":
      return `${output} is as wide as its longest row`;
    default:
      return value satisfies never;
  }
}

function stopped(node: GraphNode, why: string): Followed {
  return { kind: "stopped", reason: `${nodeTitle(node)} ${why}` };
}

function unknown(name: string): Followed {
  return { kind: "stopped", reason: `${shorten(name)} comes from nowhere in the graph` };
}

function rankOf(value: Followed): number {
  switch (value.kind) {
    case "rows":
    case "counts":
      return value.dims.length;
    case "fixed":
      return value.dims?.length ?? 0;
    case "padded":
      return value.rank;
    case "stopped":
      return 0;
    default:
      return value satisfies never;
  }
}
