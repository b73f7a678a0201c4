import { isText, type Signature, type Tensor } from "@slipway/inference";
import { probeRow } from "./probe-row.ts";
import { joinRows, sliceRows } from "./rows.ts";

export type RowIndependence = { proven: boolean; reason: string };

/** Probe rows; enough scales, signs and shapes that a model which looks at its neighbours shows it. */
const PROBE_ROWS = 24;
/** A model whose run takes longer than this gets fewer probes, one that takes far longer gets none. */
const SLOW_RUN_MS = 20;
const PROBE_ROWS_OF_SLOW = 8;
const TOO_SLOW_RUN_MS = 1_000;
/** Elements of one probe row beyond which the proof would cost more than batching gives. */
const MAX_ROW_ELEMENTS = 1_048_576;
const RELATIVE_TOLERANCE = 1e-4;
const ABSOLUTE_TOLERANCE = 1e-5;

type RunModel = (inputs: readonly Tensor[]) => Tensor[];

/**
 * Proves by trial that a model treats each row for itself: rows run apart, together, and together in another order give
 * equal outputs, and outputs have as many rows as inputs. Outputs that never vary prove nothing, so such a model is not
 * batched. `sample` (inputs that the model is known to accept) gives realistic rows beside the invented ones.
 */
export function proveRowIndependence(
  signature: Signature,
  run: RunModel,
  known: { sample: readonly Tensor[] | null; runMs: number | null },
): RowIndependence {
  const obstacle = findObstacle(signature, known.runMs ?? 0);
  if (obstacle !== null) return { proven: false, reason: obstacle };
  const count = (known.runMs ?? 0) > SLOW_RUN_MS ? PROBE_ROWS_OF_SLOW : PROBE_ROWS;
  try {
    const rows = Array.from({ length: count }, (_, index) => probeRow(signature, known.sample, index));
    const apart = rows.map(run);
    const orders = [rows.map((_, index) => index), rows.map((_, index) => rows.length - 1 - index), [3, 7]];
    for (const order of orders) {
      const together = run(joinRows(order.map((index) => rows[index] ?? [])));
      const difference = findDifference(
        together,
        order.map((index) => apart[index] ?? []),
      );
      if (difference !== null) return { proven: false, reason: difference };
    }
    const constant = signature.outputs.find((_, index) => !varies(apart.map((outputs) => outputs[index])));
    if (constant !== undefined) {
      return { proven: false, reason: `output ${constant.name} was the same for every probe, which proves nothing` };
    }
    return { proven: true, reason: "" };
  } catch {
    return { proven: false, reason: "the model refused the probe rows" };
  }
}

/** Why a model cannot be batched at all, before any probe. */
function findObstacle(signature: Signature, runMs: number): string | null {
  if (runMs > TOO_SLOW_RUN_MS) return "a run takes too long to probe";
  for (const input of signature.inputs) {
    if (input.anyRank === true || input.shape[0] !== -1) return `input ${input.name} has no free first dimension`;
    const elements = input.shape.slice(1).reduce((product, dimension) => product * Math.max(dimension, 1), 1);
    if (elements > MAX_ROW_ELEMENTS) return `a row of input ${input.name} is too large to probe`;
  }
  return signature.inputs.length === 0 ? "the model has no input" : null;
}

function findDifference(together: readonly Tensor[], apart: readonly (readonly Tensor[])[]): string | null {
  for (const [index, output] of together.entries()) {
    if (output.shape[0] !== apart.length) {
      return `output ${output.name} has ${output.shape[0] ?? "no"} rows for ${apart.length} rows of input`;
    }
    for (const [row, single] of apart.entries()) {
      const expected = single[index];
      if (expected === undefined || expected.shape[0] !== 1) return `output ${output.name} has not one row for one row`;
      const [actual] = sliceRows([output], row, row + 1);
      if (actual === undefined || !isAlike(actual, expected)) {
        return `output ${output.name} of a row depends on the rows beside it`;
      }
    }
  }
  return null;
}

function varies(outputs: readonly (Tensor | undefined)[]): boolean {
  const [first] = outputs;
  return first !== undefined && outputs.some((other) => other !== undefined && !isAlike(first, other));
}

function isAlike(a: Tensor, b: Tensor): boolean {
  if (a.shape.length !== b.shape.length || a.shape.some((dimension, axis) => dimension !== b.shape[axis])) return false;
  const [one, other] = [toComparable(a), toComparable(b)];
  for (let index = 0; index < one.length; index += 1) if (!isClose(one[index], other[index])) return false;
  return true;
}

function toComparable(tensor: Tensor): ArrayLike<number | bigint | string> {
  const { data } = tensor;
  if (isText(data) || tensor.datatype !== "FP16") return data;
  return new Float16Array(data.buffer, data.byteOffset, data.length);
}

function isClose(a: number | bigint | string | undefined, b: number | bigint | string | undefined): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  if (Object.is(a, b)) return true;
  return Math.abs(a - b) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(b);
}
