import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "@slipway/inference";
import { followRows, readGraphSync } from "@slipway/onnx-file";
import { expect, test } from "vitest";
import { type OnnxSession, openOnnxSession } from "../onnx/onnx-session.ts";
import { type RandomModel, randomModel, randomOf } from "../testing/random-models.ts";
import { temporaryFolder } from "../testing/temporary-model.ts";
import { joinRows, sliceRows } from "./rows.ts";

const MODELS = 500;
/** It takes a few seconds; a busy machine may take its time. */
const TIMEOUT_MS = 120_000;
const ROWS = 6;

/** Whole numbers of every size, so that sums and products of them are exact and sizes that are told apart are met. */
function rowOf({ isOfNumbers, width }: RandomModel, random: () => number): Tensor {
  const largest = [2, 100, 1_000, 60_000][Math.floor(random() * 4)] ?? 2;
  const shape = [1, width];
  if (isOfNumbers) {
    const data = Float32Array.from({ length: width }, () => Math.floor((random() * 1.5 - 0.5) * largest));
    return { name: "x", datatype: "FP32", shape, data };
  }
  const data = BigInt64Array.from({ length: width }, () => BigInt(Math.floor(random() * Math.min(largest, 2_000))));
  return { name: "x", datatype: "INT64", shape, data };
}

function tryRun(session: OnnxSession, inputs: readonly Tensor[]): Tensor | null {
  try {
    return session.run(inputs, ["y"])[0] ?? null;
  } catch {
    return null;
  }
}

function isAlike(a: Tensor, b: Tensor): boolean {
  const [one, other] = [toNumbers(a), toNumbers(b)];
  const scale = Math.max(1, ...other.map(Math.abs).filter(Number.isFinite));
  return one.length === other.length && one.every((value, index) => isClose(value, other[index], 1e-4 * scale));
}

function isClose(a: number, b: number | undefined, tolerance: number): boolean {
  return b !== undefined && (a === b || Object.is(a, b) || Math.abs(a - b) <= tolerance);
}

function toNumbers({ data }: Tensor): number[] {
  return [...data].map(Number);
}

test(
  "where the graph says that rows are apart, they are: joined, each gets what it gets alone",
  () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "model.onnx");
    const tally = { apart: 0, together: 0, rowsCompared: 0, touching: 0 };
    const wrong: string[] = [];
    for (let seed = 1; seed <= MODELS; seed += 1) {
      const model = randomModel(seed);
      writeFileSync(path, model.bytes);
      let session: OnnxSession;
      try {
        session = openOnnxSession(path, { intraOpThreads: 1, withoutShape: ["y"] });
      } catch {
        continue;
      }
      try {
        const { graph } = readGraphSync(path);
        const { apart } = graph === null ? { apart: false } : followRows(graph);
        // Of the others a part is run as well, to see that models whose rows do touch are among them.
        if (!apart && seed % 4 > 0) continue;
        const random = randomOf(seed + MODELS);
        const rows = Array.from({ length: ROWS }, () => [rowOf(model, random)]);
        const alone = rows.map((row) => tryRun(session, row));
        const joined = tryRun(session, joinRows(rows));
        if (joined === null || alone.includes(null)) continue;
        const isRight = rows.every((_, index) => {
          const own = alone[index];
          if (own?.shape[0] !== 1 || joined.shape[0] !== ROWS) return false;
          const [part] = sliceRows([joined], index, index + 1);
          return part !== undefined && isAlike(part, own);
        });
        tally[apart ? "apart" : "together"] += 1;
        if (apart) tally.rowsCompared += ROWS;
        if (!apart && !isRight) tally.touching += 1;
        if (apart && !isRight) wrong.push(`seed ${seed}`);
      } finally {
        session.dispose();
      }
    }
    expect(wrong).toEqual([]);
    // Neither answer is given to almost all, and most of those that run alone have to.
    expect(tally.apart).toBeGreaterThan(60);
    expect(tally.touching).toBeGreaterThan(tally.together / 2);
  },
  TIMEOUT_MS,
);
