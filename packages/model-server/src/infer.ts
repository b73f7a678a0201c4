import { ERROR_CODES, type ErrorCode, SlipwayError } from "@slipway/contracts";
import { type InferRequest, type InferResponse, validateRequest } from "@slipway/inference";
import type { RunEnd } from "./execution/run-end.ts";
import type { HeldModel } from "./repository/held-model.ts";
import type { ModelRepository } from "./repository/model-repository.ts";

/** Header with the name under which the caller knows the model; only a router of the platform sets it. */
export const SERVED_NAME_HEADER = "x-slipway-served-name";
/**
 * Metadata with the model and version that a router has authorised. Over REST they stand in the path, which the router
 * writes as a whole; a gRPC message is the caller's own, so there they stand beside it.
 */
export const MODEL_HEADER = "x-slipway-model";
export const VERSION_HEADER = "x-slipway-version";
export const REQUEST_ID_HEADER = "x-request-id";

const MAX_HEADER_NAME_LENGTH = 253;
const REQUEST_ID_PATTERN = /^[\x21-\x7e]{1,128}$/;

/** What a request names, before its body is read. */
export type ModelTarget = { name: string; version: string | undefined; servedName: string | undefined };

/**
 * Finds the model. A request that a router sent here may be one version behind, so any version of the model will do;
 * when there is none the error tells the router that nothing was read and another replica is safe.
 * @throws SlipwayError model/not_loaded for a router, model/unknown for anybody else
 */
export function findTarget(repository: ModelRepository, target: ModelTarget): HeldModel {
  const { name, version, servedName } = target;
  const model = servedName === undefined ? repository.find(name, version) : repository.findOrNewest(name, version);
  if (model !== undefined) return model;
  if (servedName !== undefined) throw new SlipwayError("model/not_loaded", { model: servedName });
  throw new SlipwayError("model/unknown", { model: version === undefined ? name : `${name} version ${version}` });
}

/** Checks a request against the model and runs it, unless it ends before its run begins. @throws SlipwayError tensor/*, model/* */
export async function inferWith(
  model: HeldModel,
  request: InferRequest,
  names: { modelName: string; id: string | undefined },
  end: RunEnd,
): Promise<InferResponse> {
  const inputs = validateRequest(request, model.signature);
  const outputs = await model.infer(inputs, request.outputs ?? model.outputNames, end);
  return { modelName: names.modelName, modelVersion: model.version, id: request.id ?? names.id, outputs };
}

/** A served name as a header gives it; undefined when absent or unusable. */
export function readServedName(value: string | string[] | Buffer | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= MAX_HEADER_NAME_LENGTH ? value : undefined;
}

/** The caller's request id; undefined when absent or not plain. */
export function readRequestId(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && REQUEST_ID_PATTERN.test(value) ? value : undefined;
}

/** The error's code, for metrics. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof SlipwayError ? error.code : "internal";
}

/** Whether the request itself is at fault, so that showing the model's signature helps. */
export function isTensorError(error: unknown): boolean {
  const code = codeOf(error);
  return ERROR_CODES[code].owner === "caller" && (code.startsWith("tensor/") || code === "request/invalid");
}
