import type { GraphNode } from "../graph.ts";
import { axisFromFront, type Element, type Fixed, type Followed, type Rows } from "./values.ts";

/** One node with what is known of its inputs. */
export class Operation {
  readonly node: GraphNode;
  /** The version of the operators of its domain. */
  readonly opset: number;
  readonly inputs: readonly (Followed | null)[];

  constructor(node: GraphNode, opset: number, inputs: readonly (Followed | null)[]) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
  }

  /** Null for an input that is left out. */
  input(index: number): Followed | null {
    return this.inputs[index] ?? null;
  }

  rows(index: number): Rows | null {
    const input = this.input(index);
    return input?.kind === "rows" ? input : null;
  }

  fixed(index: number): Fixed | null {
    const input = this.input(index);
    return input?.kind === "fixed" ? input : null;
  }

  /** Whether all inputs from `first` on are the same for all requests, or left out. */
  areFixed(first: number, end: number = this.inputs.length): boolean {
    return this.inputs.slice(first, end).every((input) => input === null || input.kind === "fixed");
  }

  /** Whether all inputs are. */
  get isFixed(): boolean {
    return this.areFixed(0);
  }

  int(name: string, otherwise: number): number {
    const attribute = this.node.attributes.get(name);
    return attribute === undefined ? otherwise : (attribute.int ?? 0);
  }

  text(name: string, otherwise: string): string {
    return this.node.attributes.get(name)?.text ?? otherwise;
  }

  has(name: string): boolean {
    return this.node.attributes.has(name);
  }

  /** A list that the node is set to; null when it is not, `undefined` when it is too long to be read. */
  ints(name: string): readonly number[] | null | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute === undefined) return null;
    return attribute.isWhole ? attribute.ints : undefined;
  }

  /** The elements of a list that is an input; null when it is left out, `undefined` when they are not known. */
  elements(index: number): readonly Element[] | null | undefined {
    const input = this.input(index);
    if (input === null) return null;
    return (input.kind === "fixed" || input.kind === "counts" ? input.elements : null) ?? undefined;
  }

  /** A list that is an attribute in old versions and an input in new ones; null when neither says it. */
  list(name: string, index: number): readonly Element[] | null | undefined {
    return this.has(name) ? this.ints(name) : this.elements(index);
  }

  /** Such a list as axes of a tensor, counted from the front. */
  axes(name: string, index: number, rank: number): readonly number[] | null | undefined {
    const list = this.list(name, index);
    if (list === null || list === undefined) return list;
    const axes: number[] = [];
    for (const element of list) {
      const axis = typeof element === "number" ? axisFromFront(element, rank) : null;
      if (axis === null) return undefined;
      axes.push(axis);
    }
    return axes;
  }

  /** As many of one value as the node has outputs. */
  every(value: Followed): Followed[] {
    return this.node.outputs.map(() => value);
  }
}
