import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GraphReading, readGraphSync } from "../read-graph.ts";

/** What is read of a model's bytes when they lie in a file. */
export function graphReadingOf(bytes: Uint8Array): GraphReading {
  const folder = mkdtempSync(join(tmpdir(), "slipway-graph-"));
  try {
    const path = join(folder, "model.onnx");
    writeFileSync(path, bytes);
    return readGraphSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The graph of a model that must be readable. */
export function graphOf(bytes: Uint8Array) {
  const { graph, problem } = graphReadingOf(bytes);
  if (graph === null) throw new Error(problem);
  return graph;
}
