import type { Tensor } from "@slipway/inference";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batcher, createBatcher, type Run } from "./batcher.ts";

/** A model that adds 1, and keeps what it was asked. */
function addOne(runs: number[]): Run {
  return (inputs) => {
    runs.push(rowsOf(inputs));
    return inputs.map((input) => ({
      ...input,
      name: "y",
      data: Float32Array.from(input.data, Number).map((value) => value + 1),
    }));
  };
}

const input = (...values: number[]): Tensor[] => [
  { name: "x", datatype: "FP32", shape: [values.length, 1], data: Float32Array.from(values) },
];
const wide = (...values: number[]): Tensor[] => [
  { name: "x", datatype: "FP32", shape: [1, values.length], data: Float32Array.from(values) },
];
const rowsOf = (tensors: readonly Tensor[]) => tensors[0]?.shape[0] ?? 0;
const dataOf = (tensors: readonly Tensor[]) => Array.from(tensors[0]?.data ?? [], Number);
const outputs = ["y"];

function batcher(run: Run, options: { canBatch?: boolean; concurrency?: number; maxRows?: number } = {}): Batcher {
  return createBatcher({ run, canBatch: true, concurrency: 1, maxRows: 8, ...options });
}

describe("requests of one turn", () => {
  test("go as one run, and each caller gets exactly its rows", async () => {
    const runs: number[] = [];
    const { submit } = batcher(addOne(runs));
    const answers = await Promise.all([
      submit(input(1), outputs),
      submit(input(2, 3), outputs),
      submit(input(4), outputs),
    ]);
    expect(runs).toEqual([4]);
    expect(answers.map(dataOf)).toEqual([[2], [3, 4], [5]]);
  });

  test("of a model that is not proven each run alone", async () => {
    const runs: number[] = [];
    const { submit } = batcher(addOne(runs), { canBatch: false });
    await Promise.all([submit(input(1), outputs), submit(input(2), outputs)]);
    expect(runs).toEqual([1, 1]);
  });

  test("are joined only with equal trailing dimensions and equal wanted outputs", async () => {
    const runs: number[] = [];
    const { submit } = batcher(addOne(runs));
    const requests = [
      submit(input(1), outputs),
      submit(wide(1, 2), outputs),
      submit(input(2), ["z"]),
      submit(input(3), outputs),
    ];
    expect((await Promise.all(requests)).map(dataOf)).toEqual([[2], [2, 3], [3], [4]]);
    expect(runs.sort()).toEqual([1, 1, 2]);
  });

  test("never make a run of more rows than allowed, and a larger request runs alone", async () => {
    const runs: number[] = [];
    const { submit } = batcher(addOne(runs), { maxRows: 4 });
    const large = input(1, 2, 3, 4, 5, 6);
    await Promise.all([submit(large, outputs), ...[1, 2, 3, 4, 5].map((value) => submit(input(value), outputs))]);
    expect(runs).toEqual([6, 4, 1]);
  });
});

test("a lone request runs at the end of the turn that brought it", async () => {
  const scheduled: (() => void)[] = [];
  const runs: number[] = [];
  const { submit } = createBatcher({
    run: addOne(runs),
    canBatch: true,
    concurrency: 1,
    maxRows: 8,
    schedule: (callback) => scheduled.push(callback),
  });
  const answer = submit(input(1), outputs);
  expect(scheduled).toHaveLength(1);
  scheduled[0]?.();
  expect(dataOf(await answer)).toEqual([2]);
  expect(runs).toEqual([1]);
});

test("what arrives while a run is in flight gathers and goes as one when it ends", async () => {
  const runs: number[] = [];
  const gates: (() => void)[] = [];
  const model = addOne(runs);
  const run: Run = (inputs, wanted) => new Promise((resolve) => gates.push(() => resolve(model(inputs, wanted))));
  const { submit } = createBatcher({
    run,
    canBatch: true,
    concurrency: 1,
    maxRows: 8,
    schedule: (callback) => callback(),
  });
  const answers = [submit(input(1), outputs), submit(input(2), outputs), submit(input(3), outputs)];
  gates.shift()?.();
  await answers[0];
  await Promise.resolve();
  expect(gates).toHaveLength(1);
  gates.shift()?.();
  expect((await Promise.all(answers)).map(dataOf)).toEqual([[2], [3], [4]]);
  expect(runs).toEqual([1, 2]);
});

test("a joined run that fails is run again one by one: the good get answers, the bad its own error", async () => {
  const run: Run = (inputs) => {
    if (dataOf(inputs).includes(13)) throw new Error("13 is not served");
    return addOne([])(inputs, outputs);
  };
  const { submit } = batcher(run);
  const answers = await Promise.allSettled([
    submit(input(1), outputs),
    submit(input(13), outputs),
    submit(input(3), outputs),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("an answer with the wrong number of rows is never split: the requests run again alone", async () => {
  const run: Run = (inputs, wanted) => addOne([])(rowsOf(inputs) > 1 ? input(0) : inputs, wanted);
  const { submit } = batcher(run);
  const answers = await Promise.all([submit(input(5), outputs), submit(input(6), outputs)]);
  expect(answers.map(dataOf)).toEqual([[6], [7]]);
});

test("whatever the mix of sizes, everybody gets their own rows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 5 }), { maxLength: 20 }),
      async (requests) => {
        const { submit } = batcher(addOne([]));
        const answers = await Promise.all(requests.map((values) => submit(input(...values), outputs)));
        expect(answers.map(dataOf)).toEqual(requests.map((values) => values.map((value) => value + 1)));
      },
    ),
  );
});
