import { create, fromBinary } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/contracts";
import { type InferTensorContents, type ModelInferRequest, ModelInferRequestSchema } from "@slipway/rpc/inference";
import { checkTexts } from "./check-texts.ts";
import { type Datatype, isDatatype } from "./datatype.ts";
import { hasElements, readContents, toContents } from "./grpc-contents.ts";
import { invalid, readShape, unknownDatatype } from "./json-tensor.ts";
import { DEFAULT_INFER_LIMITS, type InferLimits } from "./limits.ts";
import { readRawContents, writeRawContents } from "./raw-contents.ts";
import { shorten } from "./shorten.ts";
import type { InferRequest, Tensor, TensorData } from "./tensor.ts";

export type GrpcInferRequest = InferRequest & {
  /** The caller sent raw contents, so it gets raw contents. */
  readonly isRaw: boolean;
};

/** Reads a request of the gRPC dialect, typed or raw. @throws SlipwayError request/* or tensor/* */
export function fromGrpcRequest(
  message: ModelInferRequest,
  limits: InferLimits = DEFAULT_INFER_LIMITS,
): GrpcInferRequest {
  const isRaw = message.rawInputContents.length > 0;
  if (message.inputs.length > limits.maxTensors || message.outputs.length > limits.maxTensors) {
    const list = message.inputs.length > limits.maxTensors ? "inputs" : "outputs";
    throw invalid(list, `There are ${message[list].length} ${list}; at most ${limits.maxTensors} are allowed.`);
  }
  if (isRaw && message.rawInputContents.length !== message.inputs.length) {
    throw invalid(
      "raw_input_contents",
      `raw_input_contents has ${message.rawInputContents.length} entries for ${message.inputs.length} inputs.`,
    );
  }
  const inputs = message.inputs.map((input, index): Tensor => {
    const { name, datatype } = input;
    const label = shorten(name);
    if (!isDatatype(datatype)) throw unknownDatatype(`inputs.${index}.datatype`, `Input ${label}`, datatype);
    const { shape, count } = readShape(input.shape.map(Number), label, `inputs.${index}.shape`, limits);
    const raw = message.rawInputContents[index];
    if (raw !== undefined && hasElements(input.contents)) {
      throw invalid(
        `inputs.${index}.contents`,
        `Input ${label} has contents beside raw_input_contents; only one is allowed.`,
      );
    }
    const data =
      raw === undefined
        ? readTyped(datatype, input.contents, count, label)
        : readRawContents(datatype, raw, count, label);
    checkTexts(data, label, `inputs.${index}.contents`);
    return { name, datatype, shape, data };
  });
  return {
    id: message.id === "" ? undefined : message.id,
    inputs,
    outputs: message.outputs.length === 0 ? null : [...new Set(message.outputs.map((output) => output.name))],
    isRaw,
  };
}

/**
 * Reads the bytes of a request, with the names that it holds itself.
 * @throws SlipwayError request/* or tensor/*
 */
export function parseGrpcRequest(bytes: Uint8Array): {
  modelName: string;
  modelVersion: string;
  request: GrpcInferRequest;
} {
  const message = readGrpcMessage(bytes);
  const { modelName, modelVersion } = message;
  return { modelName, modelVersion, request: fromGrpcRequest(message) };
}

function readGrpcMessage(bytes: Uint8Array): ModelInferRequest {
  try {
    return fromBinary(ModelInferRequestSchema, bytes);
  } catch (cause) {
    throw new SlipwayError("request/invalid", { problem: "The message is not a valid ModelInferRequest." }, { cause });
  }
}

/** A request in the gRPC dialect. FP16 exists in raw form only, so a request that holds it is raw. */
export function toGrpcRequest(
  request: InferRequest,
  model: { name: string; version?: string },
  form: "typed" | "raw",
): ModelInferRequest {
  const isRaw = form === "raw" || request.inputs.some((tensor) => tensor.datatype === "FP16");
  return create(ModelInferRequestSchema, {
    modelName: model.name,
    modelVersion: model.version ?? "",
    id: request.id ?? "",
    inputs: request.inputs.map((tensor) => ({
      name: tensor.name,
      datatype: tensor.datatype,
      shape: tensor.shape.map(BigInt),
      ...(isRaw ? {} : { contents: toContents(tensor) }),
    })),
    outputs: (request.outputs ?? []).map((name) => ({ name })),
    rawInputContents: isRaw ? request.inputs.map((tensor) => writeRawContents(tensor.data)) : [],
  });
}

function readTyped(
  datatype: Datatype,
  contents: InferTensorContents | undefined,
  count: number,
  input: string,
): TensorData {
  const data = readContents(datatype, contents, input);
  if (data.length !== count) {
    throw new SlipwayError(
      "tensor/element_count",
      { input, given: data.length, expected: count },
      { field: `inputs.${input}.contents` },
    );
  }
  return data;
}
