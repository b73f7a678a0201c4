import { SlipwayError } from "@slipway/contracts";
import type { Signature, TensorSpec } from "./signature.ts";
import { formatShape, type InferRequest, type Tensor } from "./tensor.ts";

/**
 * Checks a request against what a model takes; gives its inputs in the signature's order.
 * @throws SlipwayError tensor/* naming the input, so that the caller need not guess
 */
export function validateRequest(request: InferRequest, signature: Signature): readonly Tensor[] {
  const { inputs } = request;
  const ordered = isInOrder(inputs, signature.inputs) ? inputs : reorder(inputs, signature.inputs);
  for (let index = 0; index < ordered.length; index += 1) {
    const tensor = ordered[index];
    const spec = signature.inputs[index];
    if (tensor !== undefined && spec !== undefined) checkInput(tensor, spec);
  }
  if (request.outputs !== null) checkOutputs(request.outputs, signature);
  return ordered;
}

function isInOrder(inputs: readonly Tensor[], specs: readonly TensorSpec[]): boolean {
  if (inputs.length !== specs.length) return false;
  for (let index = 0; index < specs.length; index += 1) if (inputs[index]?.name !== specs[index]?.name) return false;
  return true;
}

function reorder(inputs: readonly Tensor[], specs: readonly TensorSpec[]): Tensor[] {
  const byName = new Map<string, Tensor>();
  for (const tensor of inputs) {
    const field = `inputs.${tensor.name}`;
    if (byName.has(tensor.name)) throw new SlipwayError("tensor/duplicate", { input: tensor.name }, { field });
    if (!specs.some((spec) => spec.name === tensor.name)) {
      throw new SlipwayError("tensor/unknown", { input: tensor.name }, { field });
    }
    byName.set(tensor.name, tensor);
  }
  return specs.map((spec) => {
    const tensor = byName.get(spec.name);
    if (tensor === undefined) {
      throw new SlipwayError("tensor/missing", { input: spec.name }, { field: `inputs.${spec.name}` });
    }
    return tensor;
  });
}

function checkInput(tensor: Tensor, spec: TensorSpec): void {
  if (tensor.datatype !== spec.datatype) {
    throw new SlipwayError(
      "tensor/datatype",
      { input: tensor.name, given: tensor.datatype, expected: spec.datatype },
      { field: `inputs.${tensor.name}.datatype` },
    );
  }
  if (spec.anyRank !== true && !shapeFits(tensor.shape, spec.shape)) {
    throw new SlipwayError(
      "tensor/shape",
      { input: tensor.name, given: formatShape(tensor.shape), expected: formatShape(spec.shape) },
      { field: `inputs.${tensor.name}.shape` },
    );
  }
}

function shapeFits(shape: readonly number[], expected: readonly number[]): boolean {
  if (shape.length !== expected.length) return false;
  for (let index = 0; index < shape.length; index += 1) {
    if (expected[index] !== -1 && expected[index] !== shape[index]) return false;
  }
  return true;
}

function checkOutputs(wanted: readonly string[], signature: Signature): void {
  for (const name of wanted) {
    if (!signature.outputs.some((spec) => spec.name === name)) {
      throw new SlipwayError("tensor/unknown_output", { output: name }, { field: `outputs.${name}` });
    }
  }
}
