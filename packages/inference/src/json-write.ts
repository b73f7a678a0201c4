import { SlipwayError } from "@slipway/contracts";
import type { Datatype } from "./datatype.ts";
import { type InferRequest, type InferResponse, isText, type Tensor, type TensorData } from "./tensor.ts";

/** Elements, and characters of texts, that are written as one piece: some hundred kilobytes of it. */
const PIECE_ELEMENTS = 16_384;
const PIECE_CHARACTERS = 262_144;
/** Elements whose length stands for that of all. */
const SAMPLED_ELEMENTS = 1_024;

/**
 * The JSON body of an answer: data flat, 64-bit integers exact.
 * @throws SlipwayError tensor/non_finite_output, since JSON has neither NaN nor Infinity
 */
export function writeInferResponse(response: InferResponse): string {
  return `${writeHead(response)}"outputs":${writeTensors(response.outputs)}}`;
}

/**
 * The same, for an answer that may be large: in pieces, none of which is longer than a text can be. It is refused
 * before it is written when its first elements say that it will be too large, and at the latest when it is.
 * @throws SlipwayError model/answer_too_large, tensor/non_finite_output
 */
export function writeLargeInferResponse(response: InferResponse, limitBytes: number): Buffer[] {
  let expected = 0;
  for (const output of response.outputs) expected += sampledJsonBytes(output);
  if (expected > limitBytes) throw new SlipwayError("model/answer_too_large", { limitBytes });
  const pieces: Buffer[] = [];
  let text = "";
  let written = 0;
  const flush = () => {
    const piece = Buffer.from(text, "utf8");
    written += piece.length;
    if (written > limitBytes) throw new SlipwayError("model/answer_too_large", { limitBytes });
    pieces.push(piece);
    text = "";
  };
  text += `${writeHead(response)}"outputs":[`;
  for (const [index, tensor] of response.outputs.entries()) {
    text += `${index > 0 ? "," : ""}${writeTensorHead(tensor)}`;
    for (let start = 0; start < tensor.data.length; ) {
      const end = endOfPiece(tensor.data, start);
      text += `${start > 0 ? "," : ""}${writeData(tensor, tensor.data.slice(start, end))}`;
      if (text.length >= PIECE_CHARACTERS) flush();
      start = end;
    }
    text += "]}";
  }
  text += "]}";
  flush();
  return pieces;
}

/** Where a piece that begins with an element ends. */
function endOfPiece(data: TensorData, start: number): number {
  const end = Math.min(data.length, start + PIECE_ELEMENTS);
  if (!isText(data)) return end;
  let characters = 0;
  for (let index = start; index < end; index += 1) {
    characters += data[index]?.length ?? 0;
    if (characters >= PIECE_CHARACTERS) return index + 1;
  }
  return end;
}

/** Bytes that the data of tensors will take in JSON, roughly and quickly: numbers by what their type takes on average. */
export function roughJsonBytes(tensors: readonly Tensor[]): number {
  let bytes = 0;
  for (const { data, datatype } of tensors) {
    if (isText(data)) for (const text of data) bytes += text.length + 3;
    else bytes += data.length * USUAL_BYTES[datatype];
  }
  return bytes;
}

/** The JSON body of a request. @throws SlipwayError tensor/non_finite_output */
export function writeInferRequest(request: InferRequest): string {
  let text = `{"inputs":${writeTensors(request.inputs)}`;
  if (request.id !== undefined) text += `,"id":${JSON.stringify(request.id)}`;
  if (request.outputs !== null) text += `,"outputs":${JSON.stringify(request.outputs.map((name) => ({ name })))}`;
  return `${text}}`;
}

/** One number as it is usually written, with its comma. */
const USUAL_BYTES: Readonly<Record<Datatype, number>> = {
  BOOL: 6,
  UINT8: 4,
  INT8: 4,
  UINT16: 6,
  INT16: 6,
  UINT32: 8,
  INT32: 8,
  UINT64: 12,
  INT64: 12,
  FP16: 12,
  FP32: 20,
  FP64: 20,
  BYTES: 16,
};

/** Bytes that a tensor will take, judged by elements from all of it. */
function sampledJsonBytes(tensor: Tensor): number {
  const { data } = tensor;
  const step = Math.max(1, Math.floor(data.length / SAMPLED_ELEMENTS));
  let bytes = 0;
  let sampled = 0;
  for (let index = 0; index < data.length; index += step) {
    const element = data[index];
    bytes += (typeof element === "string" ? Buffer.byteLength(element) + 2 : lengthOf(tensor, element)) + 1;
    sampled += 1;
  }
  return sampled === 0 ? 0 : (bytes / sampled) * data.length;
}

function lengthOf({ datatype }: Tensor, element: number | bigint | undefined): number {
  if (datatype === "BOOL") return element === 0 ? 5 : 4;
  // The bits of an FP16 say little about how long it is.
  return datatype === "FP16" ? USUAL_BYTES.FP16 : String(element).length;
}

function writeHead({ modelName, modelVersion, id }: InferResponse): string {
  let text = `{"model_name":${JSON.stringify(modelName)},`;
  if (modelVersion !== undefined) text += `"model_version":${JSON.stringify(modelVersion)},`;
  if (id !== undefined) text += `"id":${JSON.stringify(id)},`;
  return text;
}

function writeTensors(tensors: readonly Tensor[]): string {
  let text = "[";
  for (let index = 0; index < tensors.length; index += 1) {
    const tensor = tensors[index];
    if (tensor === undefined) continue;
    if (index > 0) text += ",";
    text += `${writeTensorHead(tensor)}${writeData(tensor, tensor.data)}]}`;
  }
  return `${text}]`;
}

/** All of a tensor up to its elements. */
function writeTensorHead({ name, shape, datatype }: Tensor): string {
  return `{"name":${JSON.stringify(name)},"shape":[${shape.join(",")}],"datatype":"${datatype}","data":[`;
}

function writeData({ datatype, name }: Tensor, data: TensorData): string {
  if (isText(data)) return JSON.stringify(data).slice(1, -1);
  switch (datatype) {
    case "BOOL":
      return Array.from(data, Boolean).join(",");
    case "FP16":
      return writeFloats(new Float16Array(data.buffer, data.byteOffset, data.length), name);
    case "FP32":
    case "FP64":
      return writeFloats(data, name);
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
