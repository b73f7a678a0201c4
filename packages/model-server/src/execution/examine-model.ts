import { SlipwayError } from "@slipway/contracts";
import type { BatchingWish, Signature, Tensor } from "@slipway/inference";
import {
  boundTime,
  type GraphReading,
  type OnnxFile,
  readGraphSync,
  readOnnxFileSync,
  type TimeBound,
} from "@slipway/onnx-file";
import { decideBatching, type RowIndependence } from "../batching/decide-batching.ts";
import { checkExternalData } from "../onnx/check-external-data.ts";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";
import { inputBytes } from "../repository/inline-trust.ts";
import { findSample } from "./find-sample.ts";

/** All that is learnt of a model before it serves. */
export type Examination = {
  signature: Signature;
  /** A request that the model has answered, as JSON; null when none is known. */
  sample: Record<string, unknown> | null;
  /** One run of the sample, in milliseconds; null when it could not be run. */
  runMs: number | null;
  /** How long the file took to become a session, in milliseconds. */
  openMs: number;
  /** Memory that opening and running it took of this process, estimated, in bytes. */
  measuredBytes: number;
  /** Size of the inputs of that run, in bytes; 0 when there is no sample. */
  sampleBytes: number;
  /** Whether the size of its inputs bounds how long a run takes. */
  timeBound: TimeBound;
  batching: RowIndependence;
  facts: OnnxFile;
};

export type ExamineInput = { file: string; sample: string | null; batching: BatchingWish; intraOpThreads: number };

const MEASURED_RUNS = 15;
const MEASURE_AT_MOST_MS = 100;

/** Checks and opens a model, runs it on a sample, measures and decides how it is served. Leaves nothing open. @throws SlipwayError */
export function examineModel({ file, sample: given, batching: wish, intraOpThreads }: ExamineInput): Examination {
  const facts = inspect(file);
  checkExternalData(file, facts.externalData);
  const graph = readGraphSync(file);
  const rssBefore = process.memoryUsage.rss();
  const started = performance.now();
  const session = openOnnxSession(file, { intraOpThreads, withoutShape: facts.withoutShape });
  const openMs = performance.now() - started;
  try {
    const signature: Signature = { ...session.signature, fixed: facts.fixedInputs };
    const outputs = signature.outputs.map((output) => output.name);
    const run = (inputs: readonly Tensor[]) => session.run(inputs, outputs);
    const known = findSample(signature, given, graph, run);
    const runMs = known === null ? null : measureRun(session, known.inputs, outputs);
    const batching = decideBatching({ signature, graph, wish, run, sample: known?.inputs ?? null, runMs });
    const measuredBytes = Math.max(0, process.memoryUsage.rss() - rssBefore);
    const sampleBytes = inputBytes(known?.inputs ?? []);
    const sample = known?.json ?? null;
    return {
      signature,
      sample,
      runMs,
      sampleBytes,
      timeBound: timeBoundOf(graph),
      openMs,
      measuredBytes,
      batching,
      facts,
    };
  } finally {
    session.dispose();
  }
}

/** A graph that cannot be read bounds nothing. */
function timeBoundOf({ graph, problem }: GraphReading): TimeBound {
  return graph === null ? { bounded: false, reason: problem } : boundTime(graph);
}

function inspect(file: string): OnnxFile {
  const facts = readOnnxFileSync(file);
  const obstacle = facts.problem ?? facts.unservable;
  if (obstacle !== null) throw new SlipwayError("model/corrupt", { detail: obstacle });
  return facts;
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
