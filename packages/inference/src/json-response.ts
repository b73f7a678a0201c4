import { parseJsonBody } from "./json-parse.ts";
import { readExactlyIfNeeded, readId, readTensors } from "./json-request.ts";
import { invalid, isRecord, type TensorContext } from "./json-tensor.ts";
import { DEFAULT_INFER_LIMITS, type InferLimits } from "./limits.ts";
import type { InferResponse } from "./tensor.ts";

/** Reads the JSON body of an inference answer. @throws SlipwayError */
export function parseInferResponse(body: Buffer, limits: InferLimits = DEFAULT_INFER_LIMITS): InferResponse {
  const { value, text } = parseJsonBody(body, limits.maxDepth);
  return readExactlyIfNeeded(value, text, limits, readResponse);
}

function readResponse(root: unknown, context: TensorContext): InferResponse {
  if (!isRecord(root)) throw invalid("", "The answer must be a JSON object with a list named outputs.");
  const { model_name: modelName, model_version: modelVersion } = root;
  return {
    modelName: typeof modelName === "string" ? modelName : "",
    modelVersion: typeof modelVersion === "string" ? modelVersion : undefined,
    id: readId(root.id),
    outputs: readTensors(root.outputs, "outputs", context),
  };
}
