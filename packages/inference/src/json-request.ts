import { SlipwayError } from "@slipway/contracts";
import { parseExactly, parseJsonBody } from "./json-parse.ts";
import { checkParameters, invalid, isRecord, readTensor, type TensorContext } from "./json-tensor.ts";
import { DEFAULT_INFER_LIMITS, type InferLimits } from "./limits.ts";
import { shorten } from "./shorten.ts";
import type { InferRequest, Tensor } from "./tensor.ts";

/** The longest request id that is taken and given back. */
const MAX_ID_LENGTH = 256;

/**
 * Reads the JSON body of an inference request. 64-bit integers are exact. Members that the protocol does not name are
 * ignored, as its other servers do. The caller bounds the body's size.
 * @throws SlipwayError request/* or tensor/*, naming the field
 */
export function parseInferRequest(body: Buffer, limits: InferLimits = DEFAULT_INFER_LIMITS): InferRequest {
  const { value, text } = parseJsonBody(body, limits.maxDepth);
  return readExactlyIfNeeded(value, text, limits, readRequest);
}

/** Runs a reader on doubles, and once more on exact numbers when a 64-bit tensor turns out to need them. */
export function readExactlyIfNeeded<Result>(
  value: unknown,
  text: string,
  limits: InferLimits,
  read: (root: unknown, context: TensorContext) => Result,
): Result {
  let isInexact = false;
  const needsExact = () => {
    isInexact = true;
  };
  const result = read(value, { limits, exact: false, needsExact });
  return isInexact ? read(parseExactly(text), { limits, exact: true, needsExact }) : result;
}

function readRequest(root: unknown, context: TensorContext): InferRequest {
  if (!isRecord(root)) throw invalid("", "The body must be a JSON object with a list named inputs.");
  const { id, inputs, outputs } = root;
  checkParameters(root.parameters, "parameters");
  return {
    id: readId(id),
    inputs: readTensors(inputs, "inputs", context),
    outputs: readWanted(outputs, context.limits),
  };
}

export function readId(id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== "string") throw invalid("id", "id must be a text.");
  if (id.length > MAX_ID_LENGTH) throw invalid("id", `id must be at most ${MAX_ID_LENGTH} characters.`);
  return id;
}

export function readTensors(value: unknown, list: "inputs" | "outputs", context: TensorContext): readonly Tensor[] {
  if (!Array.isArray(value)) throw invalid(list, `The body has no ${list}; it must be a list of tensors.`);
  if (value.length > context.limits.maxTensors) {
    throw invalid(list, `There are ${value.length} ${list}; at most ${context.limits.maxTensors} are allowed.`);
  }
  const tensors: Tensor[] = [];
  for (let index = 0; index < value.length; index += 1) {
    tensors.push(readTensor(value[index], list, index, context));
  }
  if (list === "inputs" && tensors.length > 1) refuseDuplicates(tensors);
  return tensors;
}

function refuseDuplicates(tensors: readonly Tensor[]): void {
  const names = new Set<string>();
  for (const [index, { name }] of tensors.entries()) {
    if (names.has(name)) {
      throw new SlipwayError("tensor/duplicate", { input: shorten(name) }, { field: `inputs.${index}.name` });
    }
    names.add(name);
  }
}

function readWanted(value: unknown, limits: InferLimits): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw invalid("outputs", "outputs must be a list.");
  if (value.length > limits.maxTensors) {
    throw invalid("outputs", `There are ${value.length} outputs; at most ${limits.maxTensors} are allowed.`);
  }
  if (value.length === 0) return null;
  const names = value.map((output: unknown, index) => {
    if (!isRecord(output) || typeof output.name !== "string") {
      throw invalid(`outputs.${index}.name`, `outputs.${index}.name must be a text.`);
    }
    checkParameters(output.parameters, `outputs.${index}.parameters`);
    return output.name;
  });
  return [...new Set(names)];
}
