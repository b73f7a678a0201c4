import type { BatchingWish, Signature, Tensor } from "@slipway/inference";
import { followRows, type GraphReading } from "@slipway/onnx-file";
import { refuteRowIndependence } from "./refute-row-independence.ts";

/** Whether requests for a model may be joined. `reason` says why they may not, or on whose word they are. */
export type RowIndependence = { proven: boolean; reason: string };

/** A run that takes longer than this gains nothing by company, and would make each caller wait for all. */
const TOO_SLOW_RUN_MS = 1_000;
/** Elements of one row beyond which joining costs more memory than it saves time. */
const MAX_ROW_ELEMENTS = 1_048_576;

export type BatchingQuestion = {
  signature: Signature;
  graph: GraphReading;
  wish: BatchingWish;
  run: (inputs: readonly Tensor[]) => Tensor[];
  sample: readonly Tensor[] | null;
  runMs: number | null;
};

/**
 * Lets requests be joined where the graph keeps their rows apart for any values, or where the model's owner says so.
 * Trials prove nothing; they are a net under the graph's verdict, and a model that they refute runs alone.
 */
export function decideBatching({ signature, graph, wish, run, sample, runMs }: BatchingQuestion): RowIndependence {
  if (wish === "off") return { proven: false, reason: "the manifest says batching: off" };
  const obstacle = findObstacle(signature, runMs ?? 0);
  if (obstacle !== null) return { proven: false, reason: obstacle };
  if (wish === "on") return { proven: true, reason: "the manifest says batching: on" };
  if (graph.graph === null) return { proven: false, reason: `its graph cannot be followed: ${graph.problem}` };
  const { apart, reason } = followRows(graph.graph);
  if (!apart) return { proven: false, reason };
  const difference = refuteRowIndependence(signature, run, { sample, runMs });
  return { proven: difference === null, reason: difference ?? "" };
}

/** Why requests cannot be joined at all, or not with gain. */
function findObstacle(signature: Signature, runMs: number): string | null {
  if (runMs > TOO_SLOW_RUN_MS) return "a run takes too long to be shared";
  for (const input of signature.inputs) {
    if (input.anyRank === true || input.shape[0] !== -1) return `input ${input.name} has no free first dimension`;
    const elements = input.shape.slice(1).reduce((product, dimension) => product * Math.max(dimension, 1), 1);
    if (elements > MAX_ROW_ELEMENTS) return `a row of input ${input.name} is too large to be joined`;
  }
  return signature.inputs.length === 0 ? "the model has no input" : null;
}
