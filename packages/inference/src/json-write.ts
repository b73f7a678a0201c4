import { SlipwayError } from "@slipway/contracts";
import { type InferRequest, type InferResponse, isText, type Tensor } from "./tensor.ts";

/**
 * The JSON body of an answer: data flat, 64-bit integers exact.
 * @throws SlipwayError tensor/non_finite_output, since JSON has neither NaN nor Infinity
 */
export function writeInferResponse(response: InferResponse): string {
  let text = `{"model_name":${JSON.stringify(response.modelName)}`;
  if (response.modelVersion !== undefined) text += `,"model_version":${JSON.stringify(response.modelVersion)}`;
  if (response.id !== undefined) text += `,"id":${JSON.stringify(response.id)}`;
  return `${text},"outputs":${writeTensors(response.outputs)}}`;
}

/** The JSON body of a request. @throws SlipwayError tensor/non_finite_output */
export function writeInferRequest(request: InferRequest): string {
  let text = `{"inputs":${writeTensors(request.inputs)}`;
  if (request.id !== undefined) text += `,"id":${JSON.stringify(request.id)}`;
  if (request.outputs !== null) text += `,"outputs":${JSON.stringify(request.outputs.map((name) => ({ name })))}`;
  return `${text}}`;
}

function writeTensors(tensors: readonly Tensor[]): string {
  let text = "[";
  for (let index = 0; index < tensors.length; index += 1) {
    const tensor = tensors[index];
    if (tensor === undefined) continue;
    if (index > 0) text += ",";
    text += `{"name":${JSON.stringify(tensor.name)},"shape":[${tensor.shape.join(",")}],"datatype":"${tensor.datatype}","data":[${writeData(tensor)}]}`;
  }
  return `${text}]`;
}

function writeData(tensor: Tensor): string {
  const { data, datatype } = tensor;
  if (isText(data)) return JSON.stringify(data).slice(1, -1);
  switch (datatype) {
    case "BOOL":
      return Array.from(data, Boolean).join(",");
    case "FP16":
      return writeFloats(new Float16Array(data.buffer, data.byteOffset, data.length), tensor.name);
    case "FP32":
    case "FP64":
      return writeFloats(data, tensor.name);
    default:
      return data.join(",");
  }
}

function writeFloats(data: ArrayLike<number | bigint>, output: string): string {
  let text = "";
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index];
    if (!Number.isFinite(value)) throw new SlipwayError("tensor/non_finite_output", { output });
    if (index > 0) text += ",";
    text += Object.is(value, -0) ? "-0" : value;
  }
  return text;
}
