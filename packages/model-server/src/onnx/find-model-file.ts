import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/contracts";

/** The model's file: the path itself, or the only .onnx of a folder. @throws SlipwayError artifact/missing, artifact/not_one_model */
export function findModelFile(path: string): string {
  if (!existsSync(path)) throw new SlipwayError("artifact/missing", { uri: path });
  if (!statSync(path).isDirectory()) return path;
  const models = readdirSync(path).filter((file) => file.endsWith(".onnx"));
  const [only] = models;
  if (only === undefined || models.length !== 1) {
    throw new SlipwayError("artifact/not_one_model", { uri: path, found: models.length });
  }
  return join(path, only);
}
