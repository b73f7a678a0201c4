import { SlipwayError } from "@slipway/contracts";
import type { Signature, TensorSpec } from "@slipway/inference";
import { parseExactly } from "@slipway/inference/json-parse";
import * as z from "zod";
import type { Prediction, Value } from "./read-prediction.ts";

const FLOATING = new Set(["FP16", "FP32", "FP64", "BF16"]);

/**
 * Makes an Open Inference request of a prediction: a model with one input gets it whole; one with several gets a column
 * for each input, found by `data.names`.
 * @throws SlipwayError request/invalid when the columns do not name the inputs
 */
export function toInferRequest(prediction: Prediction, signature: Signature, requestId: string): string {
  const { shape, values } = prediction;
  const [first, ...others] = signature.inputs;
  if (first === undefined) throw invalid("The model takes no input.");
  const inputs = others.length === 0 ? [inputText(first, shape, values)] : columnsOf(prediction, signature.inputs);
  return `{"id":${JSON.stringify(prediction.puid ?? requestId)},"inputs":[${inputs.join(",")}]}`;
}

/** Makes an answer of Seldon's first protocol of an Open Inference answer; `form` is the one that the request had. */
export function toPrediction(
  answer: Buffer,
  context: { form: Prediction["form"]; puid: string; deployment: string; version: string },
): string {
  const text = answer.toString("utf8");
  const parsed: unknown = /\d{16}/.test(text) ? parseExactly(text) : JSON.parse(text);
  const { outputs } = inferAnswer.parse(parsed);
  // Of a classifier's outputs the scores are what this protocol calls the prediction; the rest goes along as tags.
  const main = outputs.find(({ datatype }) => FLOATING.has(datatype)) ?? outputs[0];
  if (main === undefined) throw new SlipwayError("model/failed", { detail: "it gave no output" });
  const names = Array.from({ length: main.shape[1] ?? 0 }, (_, index) => `t:${index}`);
  const data =
    context.form === "tensor"
      ? `"tensor":{"shape":${JSON.stringify(main.shape)},"values":${listText(main.data)}}`
      : `"ndarray":${nestedText(main.data, main.shape)}`;
  const tags = outputs
    .filter((output) => output !== main)
    .map((output) => `${JSON.stringify(output.name)}:${nestedText(output.data, output.shape)}`);
  const requestPath = JSON.stringify({ [context.deployment]: context.version });
  const meta = `{"puid":${JSON.stringify(context.puid)},"requestPath":${requestPath},"tags":{${tags.join(",")}}}`;
  return `{"data":{"names":${JSON.stringify(names)},${data}},"meta":${meta}}`;
}

const scalar = z.union([z.number(), z.bigint(), z.string(), z.boolean()]);
/** What is read of a model server's answer; our own always sends values flat. */
const inferAnswer = z.object({
  outputs: z.array(
    z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int().min(0)), data: z.array(scalar) }),
  ),
});

function columnsOf({ shape, values, names }: Prediction, inputs: readonly TensorSpec[]): string[] {
  const [rows, columns] = shape;
  const wanted = inputs.map(({ name }) => name);
  const isComplete = names !== null && names.length === columns && wanted.every((name) => names.includes(name));
  if (rows === undefined || shape.length !== 2 || !isComplete) {
    throw invalid(
      `The model takes ${inputs.length} inputs (${wanted.join(", ")}); send a row of columns and name every one of them in data.names, or use the Open Inference path.`,
    );
  }
  return inputs.map((input) => {
    const column = names.indexOf(input.name);
    const own = Array.from({ length: rows }, (_, row) => values[row * names.length + column] ?? "");
    return inputText(input, input.shape.length === 1 ? [rows] : [rows, 1], own);
  });
}

function inputText({ name, datatype }: TensorSpec, shape: readonly number[], values: readonly Value[]): string {
  return `{"name":${JSON.stringify(name)},"shape":${JSON.stringify(shape)},"datatype":"${datatype}","data":${listText(values)}}`;
}

function listText(values: readonly Value[]): string {
  return `[${values.map(valueText).join(",")}]`;
}

function nestedText(values: readonly Value[], shape: readonly number[]): string {
  if (shape.length <= 1) return listText(values);
  const [rows = 0, ...rest] = shape;
  const size = rest.reduce((product, next) => product * next, 1);
  const parts = Array.from({ length: rows }, (_, row) => nestedText(values.slice(row * size, (row + 1) * size), rest));
  return `[${parts.join(",")}]`;
}

function valueText(value: Value): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

function invalid(problem: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem }, { field: "data" });
}
