import type { Tensor } from "@slipway/inference";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_END, type RunEnd } from "../execution/run-end.ts";
import { until } from "../testing/until.ts";
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

function batcher(run: Run, { maxRows = 8, ...options }: { canBatch?: boolean; maxRows?: number } = {}): Batcher {
  return createBatcher({ run, canBatch: true, concurrency: 1, maxRows: () => maxRows, maxWaiting: 64, ...options });
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
    maxRows: () => 8,
    maxWaiting: 64,
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
  const run: Run = (inputs, wanted, end) =>
    new Promise((resolve) => gates.push(() => resolve(model(inputs, wanted, end))));
  const { submit } = createBatcher({
    run,
    canBatch: true,
    concurrency: 1,
    maxRows: () => 8,
    maxWaiting: 64,
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
    return addOne([])(inputs, outputs, NO_END);
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
  const run: Run = (inputs, wanted, end) => addOne([])(rowsOf(inputs) > 1 ? input(0) : inputs, wanted, end);
  const { submit } = batcher(run);
  const answers = await Promise.all([submit(input(5), outputs), submit(input(6), outputs)]);
  expect(answers.map(dataOf)).toEqual([[6], [7]]);
});

describe("what nobody waits for", () => {
  /** A model whose runs end when the test says so. */
  function gated() {
    const runs: number[] = [];
    const gates: (() => void)[] = [];
    const model = addOne(runs);
    const run: Run = (inputs, wanted, end) =>
      new Promise((resolve) => gates.push(() => resolve(model(inputs, wanted, end))));
    return { runs, gates, run };
  }
  const leaving = () => {
    const caller = { hasLeft: false, end: { ...NO_END, isGone: () => caller.hasLeft } };
    return caller;
  };

  test("is not run: callers that left and deadlines that passed in the queue cost nothing", async () => {
    const { runs, gates, run } = gated();
    const { submit } = batcher(run, { canBatch: false });
    const caller = leaving();
    const first = submit(input(1), outputs);
    await until(() => gates.length === 1);
    const left = submit(input(2), outputs, caller.end);
    const late = submit(input(3), outputs, { atMs: performance.now() - 1, limitMs: 5, isGone: () => false });
    const last = submit(input(4), outputs);
    caller.hasLeft = true;
    gates.shift()?.();
    await expect(left).rejects.toMatchObject({ code: "request/cancelled" });
    await expect(late).rejects.toMatchObject({ code: "model/timeout", data: { limitMs: 5 } });
    await until(() => gates.length === 1);
    gates.shift()?.();
    expect([await first, await last].map(dataOf)).toEqual([[2], [5]]);
    expect(runs).toEqual([1, 1]);
  });

  test("is answered by a sweep while a run is in flight, and the run is told that nobody waits for it", async () => {
    const ends: RunEnd[] = [];
    const { submit, sweep } = batcher((_inputs, _wanted, end) => {
      ends.push(end);
      return new Promise(() => undefined);
    });
    const [one, other] = [leaving(), leaving()];
    const answers = [submit(input(1), outputs, one.end), submit(input(2), outputs, other.end)];
    await until(() => ends.length === 1);
    one.hasLeft = true;
    expect(ends[0]?.isGone()).toBe(false);
    other.hasLeft = true;
    expect(ends[0]?.isGone()).toBe(true);
    sweep();
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: "request/cancelled" });
  });

  test("does not take the place of those who wait: beyond the limit the living are refused, not the dead kept", async () => {
    const { run } = gated();
    const { submit } = createBatcher({ run, canBatch: false, concurrency: 0, maxRows: () => 8, maxWaiting: 2 });
    const caller = leaving();
    const left = submit(input(1), outputs, caller.end);
    void submit(input(2), outputs);
    await expect(submit(input(3), outputs)).rejects.toMatchObject({ code: "model/too_busy", data: { limit: 2 } });
    caller.hasLeft = true;
    void submit(input(4), outputs);
    await expect(left).rejects.toMatchObject({ code: "request/cancelled" });
  });
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
