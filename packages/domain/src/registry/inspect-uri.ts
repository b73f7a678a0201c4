import { type ModelInspection, modelUri, SlipwayError } from "@slipway/contracts";
import { hashArtifact, type LocatedArtifact, locateArtifact, readOnnxFile } from "@slipway/onnx-file";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";

/** A larger file is not read as a whole while somebody waits. */
const HASHED_AT_MOST_BYTES = 64 * 1024 * 1024;

export type InspectUri = { uri: string; modelRoots: readonly string[]; signal: AbortSignal };

/**
 * Looks at a model where a manifest would name it, by the rules that replicas follow: whether it can be reached and read,
 * what it takes and gives, and what speaks against it. Nobody learns what lies outside the model roots.
 * @throws auth/forbidden, request/invalid for a text that is no URI
 */
export async function inspectUri(ctx: Context, { uri, modelRoots, signal }: InspectUri): Promise<ModelInspection> {
  authorise(ctx.actor, "registry.read");
  const parsed = modelUri.safeParse(uri);
  if (!parsed.success) {
    const problem = `The URI ${parsed.error.issues[0]?.message ?? "is not valid"}.`;
    throw new SlipwayError("request/invalid", { problem }, { field: "uri" });
  }
  const nothing = { uri, isReachable: false, sizeBytes: null, sha256: null, format: null, signature: null };
  let located: LocatedArtifact;
  try {
    located = await locateArtifact(uri, modelRoots);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { ...nothing, problem: error.check === "" ? error.message : `${error.message} ${error.check}` };
  }
  return { ...nothing, isReachable: true, ...(await examine(located, signal)) };
}

async function examine(artifact: LocatedArtifact, signal: AbortSignal) {
  const { modelFile, files } = artifact;
  const sizeBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const model = files.find(({ path }) => path === modelFile);
  if (model === undefined) return { problem: "It holds no .onnx file.", sizeBytes };
  const file = await readOnnxFile(model.source, signal);
  if (file.problem !== null)
    return { problem: `It is not an ONNX model, or a damaged one (${file.problem}).`, sizeBytes };
  const sha256 = sizeBytes <= HASHED_AT_MOST_BYTES ? await hashArtifact(artifact, signal) : null;
  return { problem: file.unservable, sizeBytes, sha256, format: "onnx" as const, signature: file.signature };
}
