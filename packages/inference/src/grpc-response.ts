import { create, toBinary } from "@bufbuild/protobuf";
import { SlipwayError } from "@slipway/contracts";
import { type ModelInferResponse, ModelInferResponseSchema } from "@slipway/rpc/inference";
import { isDatatype } from "./datatype.ts";
import { readContents, toContents } from "./grpc-contents.ts";
import { readShape, unknownDatatype } from "./json-tensor.ts";
import { DEFAULT_INFER_LIMITS, type InferLimits } from "./limits.ts";
import { readRawContents, writeRawContents } from "./raw-contents.ts";
import { type InferResponse, isText, type Tensor } from "./tensor.ts";

/** An answer in the gRPC dialect. Raw when asked, or when an output is FP16, which has no other form. */
export function toGrpcResponse(response: InferResponse, form: "typed" | "raw"): ModelInferResponse {
  const isRaw = form === "raw" || response.outputs.some((tensor) => tensor.datatype === "FP16");
  return create(ModelInferResponseSchema, {
    modelName: response.modelName,
    modelVersion: response.modelVersion ?? "",
    id: response.id ?? "",
    outputs: response.outputs.map((tensor) => ({
      name: tensor.name,
      datatype: tensor.datatype,
      shape: tensor.shape.map(BigInt),
      ...(isRaw ? {} : { contents: toContents(tensor) }),
    })),
    rawOutputContents: isRaw ? response.outputs.map((tensor) => writeRawContents(tensor.data)) : [],
  });
}

/**
 * The bytes of an answer that may be large. It is refused before it is written when its elements alone are too many.
 * @throws SlipwayError model/answer_too_large
 */
export function writeGrpcResponse(response: InferResponse, form: "typed" | "raw", limitBytes: number): Uint8Array {
  let least = 0;
  for (const { data } of response.outputs) {
    if (isText(data)) for (const text of data) least += text.length;
    else least += form === "raw" ? data.byteLength : data.length;
  }
  if (least > limitBytes) throw new SlipwayError("model/answer_too_large", { limitBytes });
  const bytes = toBinary(ModelInferResponseSchema, toGrpcResponse(response, form));
  if (bytes.length > limitBytes) throw new SlipwayError("model/answer_too_large", { limitBytes });
  return bytes;
}

/** Reads an answer of the gRPC dialect, typed or raw. @throws SlipwayError */
export function fromGrpcResponse(
  message: ModelInferResponse,
  limits: InferLimits = DEFAULT_INFER_LIMITS,
): InferResponse {
  const outputs = message.outputs.map((output, index): Tensor => {
    const { name, datatype } = output;
    if (!isDatatype(datatype)) throw unknownDatatype(`outputs.${index}.datatype`, `Output ${name}`, datatype);
    const { shape, count } = readShape(output.shape.map(Number), name, `outputs.${index}.shape`, limits);
    const raw = message.rawOutputContents[index];
    const data =
      raw === undefined ? readContents(datatype, output.contents, name) : readRawContents(datatype, raw, count, name);
    return { name, datatype, shape, data };
  });
  return {
    modelName: message.modelName,
    modelVersion: message.modelVersion === "" ? undefined : message.modelVersion,
    id: message.id === "" ? undefined : message.id,
    outputs,
  };
}
