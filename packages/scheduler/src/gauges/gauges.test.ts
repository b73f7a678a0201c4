import { PENDING_STATUS } from "@slipway/contracts";
import type { GaugeSample } from "@slipway/recorder";
import { silentLogger } from "@slipway/service-kit";
import { fakeClock } from "@slipway/testkit";
import { expect, test } from "vitest";
import type { ModelReport, Placement } from "../snapshot/types.ts";
import { WorldStore } from "../snapshot/world.ts";
import { aDeployment, aModel, aServer, readyReplica } from "../testing/factories.ts";
import { createGaugeSampler } from "./gauge-sampler.ts";
import { readCpu, sampleGauges } from "./sample-gauges.ts";

function placement(modelUid: string, replica: number): Placement {
  const load = { uri: "file:/models/a.onnx", format: "onnx", sha256: "", startTimeoutMs: 1_000, displayName: modelUid };
  const place = { modelUid, version: "v1", serverUid: "onnx", replica };
  return { ...place, generation: 1, memoryBytes: 1, state: "wanted", load, serving: null };
}

/** A server with two replicas, and deployments that each hold the named replicas. */
function world(held: Record<string, readonly number[]>, measuredBytes = 1_000) {
  const store = new WorldStore();
  store.putResource(aServer("onnx"));
  const replicas = [readyReplica(store, "onnx", 0), readyReplica(store, "onnx", 1)];
  for (const [name, indexes] of Object.entries(held)) {
    store.putResource(aDeployment(name));
    store.putResource({ ...aModel(`${name}.main`), ownerUid: name, ownerGeneration: 1 });
    store.statuses.set(name, { ...PENDING_STATUS, replicas: { ready: indexes.length, starting: 0, wanted: 2 } });
    for (const index of indexes) {
      store.putPlacement(placement(`${name}.main`, index));
      const report: ModelReport = { state: "ready", problem: null, sha256: "", signatureJson: "", measuredBytes };
      replicas[index]?.models.set(`${name}.main/v1`, report);
    }
  }
  return {
    store,
    /** What the agents tell at a time of the processor time of the two servers. */
    tell(toldMs: number, ...cpuMs: number[]) {
      for (const [index, replica] of replicas.entries()) {
        replica.heardMs = toldMs;
        if (replica.modelServer !== null) replica.modelServer.cpuMs = cpuMs[index] ?? 0;
      }
      return readCpu(store);
    },
  };
}

test("CPU is that of each server that holds the deployment, memory that of its models alone", () => {
  const { store, tell } = world({ iris: [0, 1], digits: [1] });
  const before = tell(1_000, 5_000, 100);
  const now = tell(11_000, 10_000, 2_600);
  const samples = sampleGauges(store, { before, now, atMs: 77, overMs: 20_000 });
  expect(samples).toEqual([
    {
      deploymentUid: "iris",
      atMs: 77,
      replicasReady: 2,
      replicasWanted: 2,
      cpuMs: 15_000,
      cpuOverMs: 20_000,
      memoryBytes: 2_000,
    },
    {
      deploymentUid: "digits",
      atMs: 77,
      replicasReady: 1,
      replicasWanted: 2,
      cpuMs: 5_000,
      cpuOverMs: 20_000,
      memoryBytes: 1_000,
    },
  ]);
});

test("a server that was started again counts from 0, and one that says nothing counts as not known", () => {
  const { store, tell } = world({ iris: [0], digits: [1] }, 0);
  const before = tell(1_000, 50_000, 0);
  const now = tell(11_000, 1_000, 0);
  const [iris, digits] = sampleGauges(store, { before, now, atMs: 0, overMs: 10_000 });
  expect(iris).toMatchObject({ cpuMs: 1_000, memoryBytes: null });
  expect(digits).toMatchObject({ cpuMs: null, cpuOverMs: null });
});

test("a first sample and one without news from the agents claim no CPU", () => {
  const { store, tell } = world({ iris: [0] });
  const readings = tell(1_000, 5_000, 1);
  const [first] = sampleGauges(store, { before: new Map(), now: readings, atMs: 0, overMs: null });
  const [silent] = sampleGauges(store, { before: readings, now: readings, atMs: 0, overMs: 10_000 });
  for (const sample of [first, silent]) expect(sample).toMatchObject({ replicasReady: 1, cpuMs: null });
});

test("a stopped deployment is not sampled", () => {
  const { store, tell } = world({ iris: [] });
  store.statuses.set("iris", { ...PENDING_STATUS, replicas: { ready: 0, starting: 0, wanted: 0 } });
  expect(sampleGauges(store, { before: new Map(), now: tell(0, 1, 1), atMs: 0, overMs: null })).toEqual([]);
});

test("the leader samples once in each window of 10 s; who does not lead, and a failing store, lose only their own", async () => {
  const clock = fakeClock(Date.parse("2026-01-01T00:00:02.000Z"));
  const { store } = world({ iris: [0] });
  const stored: number[] = [];
  let isLeading = true;
  let isFailing = false;
  const addGauges = async (samples: readonly GaugeSample[]) => {
    if (isFailing) throw new Error("the database is away");
    for (const { atMs } of samples) stored.push((atMs - Date.parse("2026-01-01T00:00:00.000Z")) / 1_000);
  };
  const snapshot = () => (isLeading ? store : null);
  const sampler = createGaugeSampler({ clock, logger: silentLogger, recorder: { addGauges }, world: snapshot });
  await sampler.start(new AbortController().signal);
  await clock.advance(20_000);
  isFailing = true;
  await clock.advance(10_000);
  isFailing = false;
  isLeading = false;
  await clock.advance(10_000);
  isLeading = true;
  await clock.advance(10_000);
  await sampler.stop(AbortSignal.timeout(1_000));
  expect(stored).toEqual([5, 15, 45]);
});
