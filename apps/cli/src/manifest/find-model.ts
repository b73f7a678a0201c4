import { readdir, realpath, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { failure } from "../failure.ts";

export type FoundModel = {
  /** The file or folder that a deployment should name, absolute, links resolved. */
  path: string;
  /** The `.onnx` file itself. */
  file: string;
  isFolder: boolean;
};

const MODEL_ENDING = ".onnx";

/** The model that a person means by a path: a file, or a folder with exactly one. Throws what is wrong with it. */
export async function findModel(given: string): Promise<FoundModel> {
  const path = await realpath(given).catch(() => null);
  const found = path === null ? null : await stat(path).catch(() => null);
  if (path === null || found === null) throw failure("file_missing", { path: given });
  if (!found.isDirectory()) {
    if (extname(path) !== MODEL_ENDING) throw failure("not_a_model", { path: given });
    return { path, file: path, isFolder: false };
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const models = entries.filter((entry) => entry.isFile() && extname(entry.name) === MODEL_ENDING);
  const only = models[0];
  if (only === undefined || models.length !== 1) throw failure("not_one_model", { path: given, found: models.length });
  return { path, file: join(only.parentPath, only.name), isFolder: true };
}

/** What a model is called after: its file's name without the ending, or its folder's. */
export function modelTitle(model: FoundModel): string {
  return model.isFolder ? basename(model.path) : basename(model.path, MODEL_ENDING);
}
