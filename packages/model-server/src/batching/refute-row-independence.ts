import { isText, type Signature, type Tensor } from "@slipway/inference";
import { probeRow } from "./probe-row.ts";
import { joinRows, sliceRows } from "./rows.ts";

/** Probe rows; enough scales, signs and shapes that a model which looks at its neighbours shows it. */
const PROBE_ROWS = 24;
/** A model whose run takes longer than this gets fewer probes. */
const SLOW_RUN_MS = 20;
const PROBE_ROWS_OF_SLOW = 8;
const RELATIVE_TOLERANCE = 1e-4;
const ABSOLUTE_TOLERANCE = 1e-5;
/** Of numbers with eleven bits. */
const HALF_PRECISION_TOLERANCE = 1e-2;

type RunModel = (inputs: readonly Tensor[]) => Tensor[];

/**
 * Looks for a row that depends on those beside it: rows run apart, together, and together in another order must give
 * equal outputs. Finding none proves nothing, for no trial reaches all values; finding one refutes. `sample` (inputs that
 * the model is known to accept) gives realistic rows beside the invented ones.
 * @returns what was found, in words; null when nothing was
 */
export function refuteRowIndependence(
  signature: Signature,
  run: RunModel,
  known: { sample: readonly Tensor[] | null; runMs: number | null },
): string | null {
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
      if (difference !== null) return difference;
    }
    return null;
  } catch {
    return null; // It refuses rows that were made up; a joined run that fails is run again one by one.
  }
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

function isAlike(a: Tensor, b: Tensor): boolean {
  if (a.shape.length !== b.shape.length || a.shape.some((dimension, axis) => dimension !== b.shape[axis])) return false;
  const [one, other] = [toComparable(a), toComparable(b)];
  const tolerance = a.datatype === "FP16" ? HALF_PRECISION_TOLERANCE : RELATIVE_TOLERANCE;
  for (let index = 0; index < one.length; index += 1) if (!isClose(one[index], other[index], tolerance)) return false;
  return true;
}

function toComparable(tensor: Tensor): ArrayLike<number | bigint | string> {
  const { data } = tensor;
  if (isText(data) || tensor.datatype !== "FP16") return data;
  return new Float16Array(data.buffer, data.byteOffset, data.length);
}

type Scalar = number | bigint | string | undefined;

function isClose(a: Scalar, b: Scalar, tolerance: number): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  if (Object.is(a, b)) return true;
  return Math.abs(a - b) <= ABSOLUTE_TOLERANCE + tolerance * Math.abs(b);
}
