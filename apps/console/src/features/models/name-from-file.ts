import { proposeName } from "@slipway/contracts/propose-name";

const ENDING = /\.onnx$/i;

/** The name that a model is proposed by its file: `My Model_v2.onnx` is `my-model-v2`; empty when nothing is left of it. */
export function nameFromFile(filename: string): string {
  return proposeName(filename.replace(ENDING, ""));
}
