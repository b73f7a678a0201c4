import { realpath, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { SlipwayError } from "@slipway/contracts";
import { type LocatedArtifact, locateArtifact, readOnnxFile } from "@slipway/onnx-file";
import { CommandFailure, failure } from "../failure.ts";

export type FoundModel = {
  /** The file or folder that a deployment should name, absolute, links resolved. */
  path: string;
  /** The `.onnx` file itself. */
  file: string;
  isFolder: boolean;
  /** All that replicas load, found by the rules that they follow. */
  artifact: LocatedArtifact;
  /** Other files that the model keeps weights in, as it names them. */
  weights: string[];
};

const MODEL_ENDING = ".onnx";

/** The model that a person means by a path: a file, or a folder with exactly one. Throws what is wrong with it. */
export async function findModel(given: string): Promise<FoundModel> {
  const path = await realpath(given).catch(() => null);
  const found = path === null ? null : await stat(path).catch(() => null);
  if (path === null || found === null) throw failure("file_missing", { path: given });
  const isFolder = found.isDirectory();
  if (!isFolder && extname(path) !== MODEL_ENDING) throw failure("not_a_model", { path: given });
  const artifact = await locate(path, given);
  const file = artifact.files.find((one) => one.path === artifact.modelFile)?.source ?? path;
  const { externalData } = await readOnnxFile(file);
  return { path, file, isFolder, artifact, weights: externalData };
}

async function locate(path: string, given: string): Promise<LocatedArtifact> {
  try {
    // A person may name any file that is theirs to read; where replicas may read is the platform's to say.
    return await locateArtifact(pathToFileURL(path).href, ["/"]);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    if (error.code === "artifact/missing") throw failure("file_missing", { path: given });
    if ("found" in error.data) throw failure("not_one_model", { path: given, found: error.data.found });
    throw new CommandFailure(error.message, { exit: "badInput", check: error.check });
  }
}

/** What a model is called after: its file's name without the ending, or its folder's. */
export function modelTitle(model: FoundModel): string {
  return model.isFolder ? basename(model.path) : basename(model.path, MODEL_ENDING);
}
