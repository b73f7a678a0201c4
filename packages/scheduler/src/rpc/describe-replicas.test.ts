import { expect, test } from "vitest";
import type { Placement } from "../snapshot/types.ts";
import { WorldStore } from "../snapshot/world.ts";
import { aDeployment, aModel, aServer, readyReplica } from "../testing/factories.ts";
import { describeReplicas } from "./describe-replicas.ts";

const MI = 1024 * 1024;

function placement(modelUid: string, replica: number, more: Partial<Placement> = {}): Placement {
  return {
    ...{ modelUid, version: "v1", serverUid: "onnx", replica, generation: 1, memoryBytes: 100 * MI },
    ...{ state: "wanted", serving: null },
    load: { uri: "file:/m", format: "onnx", sha256: "", startTimeoutMs: 1, displayName: modelUid },
    ...more,
  };
}

/** Two ready replicas of three that are asked for: iris of `default` and a model of another group on the first. */
function fleet(): WorldStore {
  const world = new WorldStore();
  world.putResource(aServer("onnx", { replicas: 3 }));
  world.putResource(aServer("hidden", {}, { group: "other" }));
  world.putResource(aDeployment("iris"));
  world.putResource({ ...aModel("iris.main", {}, { uid: "m-iris" }), ownerUid: "iris" });
  world.putResource(aModel("theirs", {}, { uid: "m-theirs", group: "other" }));
  const first = readyReplica(world, "onnx", 0, 1_000);
  if (first.modelServer !== null) first.modelServer.residentBytes = 700 * MI;
  first.gpus = [{ name: "NVIDIA H200", memoryBytes: 143_771 * MI }];
  readyReplica(world, "onnx", 1, 1_000).draining = true;
  world.putPlacement(placement("m-iris", 0));
  world.putPlacement(placement("m-theirs", 0, { memoryBytes: 300 * MI }));
  first.models.set("m-iris/v1", {
    ...{ state: "ready", problem: null, sha256: "", signatureJson: "", measuredBytes: 60 * MI },
  });
  return world;
}

const ask = (world: WorldStore, modelsOf: string, groups = ["platform", "default"]) =>
  describeReplicas(world, { groups, server: "", modelsOf });

test("a replica stands with what it offers, what is declared, what is measured and what is free", () => {
  const [server, ...others] = ask(fleet(), "default");
  expect(others).toEqual([]);
  expect(server?.replicas).toMatchObject([
    {
      ...{ replica: 0, state: "ready", reason: "", capabilities: ["onnx"] },
      ...{ capacityBytes: 1_000 * MI, declaredBytes: 400 * MI, freeBytes: 600 * MI, measuredBytes: 700 * MI },
      gpus: [{ name: "NVIDIA H200" }],
    },
    { replica: 1, state: "draining", reason: "it is on its way out", measuredBytes: null, gpus: [] },
  ]);
});

test("models of the group that asks are named, others are only counted; who asks for all sees all", () => {
  const [server] = ask(fleet(), "default");
  expect(server?.replicas[0]?.models).toEqual([
    {
      ...{ group: "default", deployment: "iris", model: "iris.main", state: "ready" },
      ...{ declaredBytes: 100 * MI, measuredBytes: 60 * MI },
    },
  ]);
  expect(server?.replicas[0]?.others).toEqual({ count: 1, declaredBytes: 300 * MI });
  expect(JSON.stringify(server)).not.toContain("theirs");
  const all = ask(fleet(), "*", ["*"]);
  expect(all.map(({ name }) => name)).toEqual(["hidden", "onnx"]);
  expect(JSON.stringify(all)).toContain("theirs");
});

test("what differs from what is asked for is said, and nothing when nothing does", () => {
  const world = fleet();
  expect(ask(world, "default")[0]?.drift).toEqual(["2 of 3 replicas not ready", "1 model on the way in"]);
  world.putResource(aServer("onnx", { replicas: 1 }));
  world.putPlacement(placement("m-theirs", 0, { state: "retiring" }));
  expect(ask(world, "default")[0]?.drift).toEqual(["1 replica more than asked for", "1 model on the way out"]);
  const well = new WorldStore();
  well.putResource(aServer("onnx", { replicas: 1 }));
  readyReplica(well, "onnx", 0);
  expect(ask(well, "default")[0]?.drift).toEqual([]);
});
