import { SlipwayError } from "@slipway/contracts";
import {
  type BatchingWish,
  parseInferRequest,
  type SampleRequest,
  type Signature,
  sampleRequest,
  type Tensor,
  validateRequest,
} from "@slipway/inference";
import { type OnnxFile, readGraphSync, readOnnxFileSync } from "@slipway/onnx-file";
import { decideBatching, type RowIndependence } from "../batching/decide-batching.ts";
import { checkExternalData } from "../onnx/check-external-data.ts";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";

/** All that is learnt of a model before it serves. */
export type Examination = {
  signature: Signature;
  /** A request that the model accepts, as JSON; null when none is known. */
  sample: Record<string, unknown> | null;
  /** One run of the sample, in milliseconds; null when it could not be run. */
  runMs: number | null;
  /** How long the file took to become a session, in milliseconds. */
  openMs: number;
  /** Memory that opening and running it took of this process, estimated, in bytes. */
  measuredBytes: number;
  batching: RowIndependence;
  facts: OnnxFile;
};

export type ExamineInput = { file: string; sample: string | null; batching: BatchingWish; intraOpThreads: number };

const MEASURED_RUNS = 15;
const MEASURE_AT_MOST_MS = 100;

/** Checks and opens a model, runs it on a sample, measures and decides how it is served. Leaves nothing open. @throws SlipwayError */
export function examineModel({ file, sample, batching: wish, intraOpThreads }: ExamineInput): Examination {
  const facts = inspect(file);
  checkExternalData(file, facts.externalData);
  const rssBefore = process.memoryUsage.rss();
  const started = performance.now();
  const session = openOnnxSession(file, { intraOpThreads, withoutShape: facts.withoutShape });
  const openMs = performance.now() - started;
  try {
    const { signature } = session;
    const known = chooseSample(signature, sample);
    const outputs = signature.outputs.map((output) => output.name);
    const runMs = known === null ? null : measureRun(session, known.inputs, outputs);
    const run = (inputs: readonly Tensor[]) => session.run(inputs, outputs);
    const graph = readGraphSync(file);
    const batching = decideBatching({ signature, graph, wish, run, sample: known?.inputs ?? null, runMs });
    const measuredBytes = Math.max(0, process.memoryUsage.rss() - rssBefore);
    return { signature, sample: known?.json ?? null, runMs, openMs, measuredBytes, batching, facts };
  } finally {
    session.dispose();
  }
}

function inspect(file: string): OnnxFile {
  const facts = readOnnxFileSync(file);
  const obstacle = facts.problem ?? facts.unservable;
  if (obstacle !== null) throw new SlipwayError("model/corrupt", { detail: obstacle });
  return facts;
}

type KnownSample = { json: Record<string, unknown>; inputs: readonly Tensor[] };

/** The sample given, if the model accepts it, else one made from the signature. */
function chooseSample(signature: Signature, given: string | null): KnownSample | null {
  const made: SampleRequest | null = sampleRequest(signature);
  return readSample(signature, given) ?? readSample(signature, made === null ? null : JSON.stringify(made));
}

function readSample(signature: Signature, text: string | null): KnownSample | null {
  if (text === null) return null;
  try {
    const inputs = validateRequest(parseInferRequest(Buffer.from(text)), signature);
    return { json: JSON.parse(text), inputs };
  } catch {
    return null;
  }
}

/** The median of a few runs after a first one that warms up; null when the model refuses the sample. */
function measureRun(session: OnnxSession, inputs: readonly Tensor[], outputs: readonly string[]): number | null {
  try {
    session.run(inputs, outputs);
    const times: number[] = [];
    const began = performance.now();
    while (times.length < MEASURED_RUNS && performance.now() - began < MEASURE_AT_MOST_MS) {
      const start = performance.now();
      session.run(inputs, outputs);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? null;
  } catch {
    return null;
  }
}
