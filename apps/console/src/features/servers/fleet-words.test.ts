import { expect, test } from "vitest";
import { fitLines, gpuWords, measuredBytesOf, modelCountOf } from "./fleet-words.ts";

const GI = 2 ** 30;
const model = (name: string) => ({
  ...{ group: "default", deployment: name, model: `${name}.main`, state: "ready" as const },
  ...{ declaredBytes: 1, measuredBytes: null },
});
const replica = (names: string[], others: number, measuredBytes: number | null) => ({
  ...{ replica: 0, state: "ready" as const, reason: "", capabilities: [], capacityBytes: 1, declaredBytes: 0 },
  ...{ freeBytes: 1, crashes: 0, gpus: [], measuredBytes, models: names.map(model) },
  others: { count: others, declaredBytes: 0 },
});

test("each server comes before its replicas, and one that lacks memory says how much", () => {
  const lines = fitLines(
    [
      {
        ...{ server: "onnx", verdict: "rejected", filter: "memory", reason: "it is full" },
        replicas: [
          { replica: 0, verdict: "rejected", filter: "memory", reason: "Needs 3 GiB.", freeBytes: GI },
          { replica: 1, verdict: "rejected", filter: "ready", reason: "its agent is not connected", freeBytes: 4 * GI },
        ],
      },
    ],
    3 * GI,
  );
  expect(lines.map(({ where, why }) => `${where}: ${why}`)).toEqual([
    "onnx: It is full.",
    "replica 0: Needs 3 GiB. That is 2 GiB too little.",
    "replica 1: Its agent is not connected.",
  ]);
});

test("a model with several replicas is counted once, and what nobody heard of is not a zero", () => {
  const server = { replicas: [replica(["iris", "digits"], 1, null), replica(["iris"], 2, GI)] };
  expect(modelCountOf(server)).toEqual({ own: 2, others: 2 });
  expect(measuredBytesOf(server)).toBe(GI);
  expect(measuredBytesOf({ replicas: [replica([], 0, null)] })).toBeNull();
});

test("no GPU is said as such, and equal ones are counted", () => {
  const gpu = { name: "NVIDIA H200", memoryBytes: 141 * GI };
  expect(gpuWords([{ gpus: [] }])).toBe("none");
  expect(gpuWords([{ gpus: [gpu] }, { gpus: [gpu] }])).toBe("2 × NVIDIA H200, 141 GiB");
});
