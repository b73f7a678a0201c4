import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { BrokenFile, ByteWindow } from "./byte-window.ts";
import type { OnnxGraph } from "./graph.ts";
import { GraphWalk } from "./graph-walk.ts";

/** A graph, or why it could not be read, in words. */
export type GraphReading = { graph: OnnxGraph; problem: null } | { graph: null; problem: string };

/**
 * Reads a model's operators without its weights, on a thread that may block. What it keeps is bounded; a file that is
 * broken or beyond the bounds is an answer, not an error.
 * @throws only what the file system does
 */
export function readGraphSync(path: string): GraphReading {
  const file = openSync(path, "r");
  try {
    const window = new ByteWindow(fstatSync(file).size);
    const walk = new GraphWalk(window).run();
    for (;;) {
      const step = walk.next();
      if (step.done === true) return { graph: step.value, problem: null };
      const { position, length } = step.value;
      const buffer = Buffer.alloc(length);
      window.fill(position, buffer.subarray(0, readSync(file, buffer, 0, length, position)));
    }
  } catch (error) {
    if (error instanceof BrokenFile) return { graph: null, problem: error.message };
    throw error;
  } finally {
    closeSync(file);
  }
}
