import { createRequire } from "node:module";
// From the files themselves: a runner starts with no more than it needs.
import { SlipwayError } from "@slipway/contracts/errors";
import type { Datatype, Signature, Tensor, TensorData, TensorSpec } from "@slipway/inference";
import { signatureProblem } from "@slipway/inference/limits";
import { isText } from "@slipway/inference/tensor";
import { datatypeOf } from "@slipway/onnx-file/element-types";
import { cleanCause } from "./clean-cause.ts";
import { explainLoadFailure } from "./explain-load-failure.ts";

type NativeTensor = {
  type: string;
  data: TensorData | Float16Array;
  dims: readonly number[];
  location: "cpu";
};
type NativeMetadata = { name: string; isTensor: boolean; shape: number[]; type: number };
type NativeSession = {
  loadModel(path: string, options: Record<string, unknown>): void;
  readonly inputMetadata: readonly NativeMetadata[];
  readonly outputMetadata: readonly NativeMetadata[];
  run(
    feeds: Record<string, NativeTensor>,
    fetches: Record<string, null>,
    options: Record<string, unknown>,
  ): Record<string, NativeTensor>;
  dispose(): void;
};
type NativeBinding = { initOrt(): void; binding: { InferenceSession: new () => NativeSession } };

/**
 * The synchronous object under onnxruntime-node's asynchronous API. Its `run` blocks there as well, but only after a
 * turn of the event loop and several promises; called directly, requests that arrived together run together, and FP16
 * works (the public Tensor class turns it into a Float16Array, which the native code refuses). The dependency's version
 * is exact, and the tests run every datatype through it.
 */
const native: NativeBinding = createRequire(import.meta.url)("onnxruntime-node/dist/binding.js");
native.initOrt();

const NATIVE_TYPE: Readonly<Record<Datatype, string>> = {
  BOOL: "bool",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
  BYTES: "string",
};

/** A model in memory. `run` blocks the thread; inputs are those of the signature, already checked. */
export type OnnxSession = {
  readonly signature: Signature;
  /** @throws SlipwayError model/failed */
  run(inputs: readonly Tensor[], outputs: readonly string[]): Tensor[];
  /** Frees its memory. Nothing may run afterwards. */
  dispose(): void;
};

export type SessionOptions = {
  intraOpThreads: number;
  withoutShape: readonly string[];
  /**
   * Whether memory of a run is kept for the next one (as it is unless this says otherwise), which makes runs quicker. Not for models whose inputs say how much
   * a run takes: what one of them took would be kept for ever.
   */
  keepsMemory?: boolean;
};

/** Loads a model whose external data has been checked. @throws SlipwayError model/corrupt */
export function openOnnxSession(path: string, options: SessionOptions): OnnxSession {
  const session = new native.binding.InferenceSession();
  try {
    session.loadModel(path, {
      executionProviders: [{ name: "cpu" }],
      intraOpNumThreads: options.intraOpThreads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      enableCpuMemArena: options.keepsMemory ?? true,
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new SlipwayError("model/corrupt", { detail: explainLoadFailure(error) }, { cause: error });
  }
  const describe = (metadata: NativeMetadata) => describeTensor(metadata, options.withoutShape);
  const signature = { inputs: session.inputMetadata.map(describe), outputs: session.outputMetadata.map(describe) };
  const problem = signatureProblem(signature);
  if (problem !== null) {
    session.dispose();
    throw new SlipwayError("model/corrupt", { detail: problem });
  }
  const datatypes = new Map(signature.outputs.map(({ name, datatype }) => [name, datatype]));
  return {
    signature,
    run(inputs, outputs) {
      const feeds: Record<string, NativeTensor> = Object.create(null);
      for (const { name, datatype, shape, data } of inputs) {
        feeds[name] = { type: NATIVE_TYPE[datatype], data, dims: shape, location: "cpu" };
      }
      const fetches: Record<string, null> = Object.create(null);
      for (const name of outputs) fetches[name] = null;
      let results: Record<string, NativeTensor>;
      try {
        results = session.run(feeds, fetches, {});
      } catch (error) {
        throw new SlipwayError("model/failed", { detail: cleanCause(error) }, { cause: error });
      }
      return outputs.map((name) => toTensor(name, resultOf(results, name), datatypes.get(name)));
    },
    dispose: () => session.dispose(),
  };
}

function describeTensor(metadata: NativeMetadata, withoutShape: readonly string[]): TensorSpec {
  const { name } = metadata;
  if (!metadata.isTensor) {
    throw new SlipwayError("model/corrupt", {
      detail: `${name} is a map or a sequence; only tensors can be served (convert with zipmap off).`,
    });
  }
  const datatype = datatypeOf(metadata.type);
  if (datatype === null) {
    throw new SlipwayError("model/corrupt", {
      detail: `${name} has ONNX element type ${metadata.type}, which cannot be served.`,
    });
  }
  return withoutShape.includes(name)
    ? { name, datatype, shape: [-1], anyRank: true }
    : { name, datatype, shape: metadata.shape };
}

/** The binding sets results on a plain object, where an output called `__proto__` becomes what the object inherits. */
function resultOf(results: Record<string, NativeTensor>, name: string): NativeTensor | undefined {
  if (Object.hasOwn(results, name)) return results[name];
  return name === "__proto__" ? Object.getPrototypeOf(results) : undefined;
}

function toTensor(name: string, result: NativeTensor | undefined, datatype: Datatype | undefined): Tensor {
  if (result === undefined || datatype === undefined) {
    throw new SlipwayError("model/failed", { detail: `it gave no output ${name}` });
  }
  const { data, dims } = result;
  const elements = data instanceof Float16Array ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { name, datatype, shape: dims, data: isText(elements) ? [...elements] : elements };
}
