import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { BrokenFile, ByteWindow } from "./byte-window.ts";
import { datatypeOf, type OnnxDatatype } from "./element-types.ts";
import { HEAD_OF_FILE_BYTES, recognizeForeignFile } from "./foreign-file.ts";
import { OnnxWalk, type StatedValue } from "./onnx-walk.ts";

/** One tensor that a model takes or gives; -1 = any size. */
export type OnnxTensor = { name: string; datatype: OnnxDatatype; shape: number[] };

/** What an ONNX file says of itself. */
export type OnnxFile = {
  /** Why it is not a well-formed model, in words; null when it is one. What was found until there stands below. */
  problem: string | null;
  /** Files that its tensors refer to, as written in it, each once. */
  externalData: string[];
  /** Inputs and outputs that say nothing of their shape; `signature` gives them one dimension of any size. */
  withoutShape: string[];
  /** Inputs that have a value in the file. They need not be given, and the runtime's binding cannot be given another. */
  fixedInputs: string[];
  /** What it takes and gives; null when it is no model, or `unservable` says why it has none. */
  signature: { inputs: OnnxTensor[]; outputs: OnnxTensor[] } | null;
  /** Why no server can serve it though it is well-formed; null when one can. */
  unservable: string | null;
  /** Text under `slipway.sample` in its metadata: a request to try it with; null when it carries none. */
  sample: string | null;
};

/**
 * Reads a model's outer structure, without any inference library and without its weights; looks at small windows of the
 * file and lets others run in between. A broken file is an answer, not an error.
 * @throws only what the file system does, and the signal's reason
 */
export async function readOnnxFile(file: string | FileHandle, signal?: AbortSignal): Promise<OnnxFile> {
  const handle = typeof file === "string" ? await open(file, "r") : file;
  try {
    const { size } = await handle.stat();
    const window = new ByteWindow(size);
    const walk = new OnnxWalk(window);
    const problem = await untilBroken(async () => {
      for (const { position, length } of walk.run()) {
        signal?.throwIfAborted();
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
        window.fill(position, buffer.subarray(0, bytesRead));
      }
    });
    if (problem === null) return describe(walk, null);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_OF_FILE_BYTES), 0, HEAD_OF_FILE_BYTES, 0);
    return describe(walk, recognizeForeignFile(buffer.subarray(0, bytesRead), size) ?? problem);
  } finally {
    if (typeof file === "string") await handle.close();
  }
}

/** The same for a thread that may block. */
export function readOnnxFileSync(path: string): OnnxFile {
  const file = openSync(path, "r");
  try {
    const window = new ByteWindow(fstatSync(file).size);
    const walk = new OnnxWalk(window);
    let problem: string | null = null;
    try {
      for (const { position, length } of walk.run()) {
        const buffer = Buffer.alloc(length);
        window.fill(position, buffer.subarray(0, readSync(file, buffer, 0, length, position)));
      }
    } catch (error) {
      problem = wordsOf(error);
    }
    if (problem === null) return describe(walk, null);
    const head = Buffer.alloc(HEAD_OF_FILE_BYTES);
    const foreign = recognizeForeignFile(head.subarray(0, readSync(file, head, 0, head.length, 0)), window.size);
    return describe(walk, foreign ?? problem);
  } finally {
    closeSync(file);
  }
}

async function untilBroken(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof BrokenFile) return error.message;
  throw error;
}

function describe(walk: OnnxWalk, problem: string | null): OnnxFile {
  const inputs = walk.inputs.filter(({ name }) => !walk.initializers.has(name));
  const values = [...inputs, ...walk.outputs];
  const unservable = values.map(whyUnservable).find((why) => why !== null) ?? null;
  return {
    problem,
    externalData: [...walk.externalData],
    fixedInputs: walk.inputs.filter(({ name }) => walk.initializers.has(name)).map(({ name }) => name),
    withoutShape: values.filter(({ dimensions }) => dimensions === null).map(({ name }) => name),
    signature:
      problem === null && unservable === null
        ? { inputs: inputs.flatMap(toTensor), outputs: walk.outputs.flatMap(toTensor) }
        : null,
    unservable,
    sample: walk.sample,
  };
}

function whyUnservable({ name, isTensor, isOptional, element }: StatedValue): string | null {
  if (isOptional) return `${name} is optional(…), which cannot be served: export the model with a plain tensor there.`;
  if (!isTensor) return `${name} is a map or a sequence; only tensors can be served (convert with zipmap off).`;
  return datatypeOf(element) === null ? `${name} has ONNX element type ${element}, which cannot be served.` : null;
}

function toTensor({ name, element, dimensions }: StatedValue): OnnxTensor[] {
  const datatype = datatypeOf(element);
  return datatype === null ? [] : [{ name, datatype, shape: dimensions ?? [-1] }];
}
