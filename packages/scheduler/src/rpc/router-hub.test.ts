import { EventEmitter } from "node:events";
import { create } from "@bufbuild/protobuf";
import { type RouterCommand, RouterHelloSchema, RouterMessageSchema, type Target } from "@slipway/rpc/control/router";
import { silentLogger } from "@slipway/service-kit";
import { beforeEach, expect, test } from "vitest";
import { Planner } from "../planner/planner.ts";
import { placementKey } from "../snapshot/keys.ts";
import { modelVersion } from "../snapshot/model-version.ts";
import { isReleased } from "../snapshot/router-liveness.ts";
import type { Placement } from "../snapshot/types.ts";
import { aDeployment, aModel, aServer } from "../testing/factories.ts";
import { RouterHub, type RouterStream } from "./router-hub.ts";

const EPOCH = 3n;
const now = () => ({ wallMs: 0, monotonicMs: 1_000 });

let planner: Planner;
let hub: RouterHub;
let stream: RouterStream & EventEmitter;
let placement: Placement;
let target: Target;
let sent: RouterCommand[];

/** A leader that has one deployment on one replica, which one router has been told. */
beforeEach(() => {
  planner = new Planner();
  const { world } = planner;
  const deployment = aDeployment("iris");
  const model = { ...aModel("iris.main"), ownerUid: deployment.uid, ownerGeneration: 1 };
  for (const resource of [aServer("onnx"), deployment, model]) planner.putResource(resource);
  world.replica("onnx", 0, 0);
  placement = {
    ...{ modelUid: model.uid, version: modelVersion(model.spec), serverUid: "onnx", replica: 0, generation: 1 },
    ...{ memoryBytes: 1, state: "wanted", serving: { http: "127.0.0.1:1", grpc: "127.0.0.1:2" } },
    load: { uri: "file:/a", format: "onnx", sha256: "", startTimeoutMs: 1, displayName: "default/iris.main" },
  };
  sent = [];
  const emitter = new EventEmitter();
  const write = (command: RouterCommand) => sent.push(command) > 0;
  stream = Object.assign(emitter, { write, end: () => emitter.emit("end") });
  const ignore = () => undefined;
  hub = new RouterHub({
    ...{ planner, epoch: EPOCH, leaderId: "leader", mayTalk: () => true, wake: ignore, now, onHigherEpoch: ignore },
    logger: silentLogger,
  });
  hub.accept(stream, create(RouterHelloSchema, { routerId: "gateway", highestEpoch: 0n }));
  world.untold.add(placementKey(placement));
});

function become(state: Placement["state"]): void {
  placement = { ...placement, state };
  planner.world.putPlacement(placement);
  if (state === "wanted") planner.world.retirements.delete(placementKey(placement));
  hub.publish(new Set(["iris"]));
  if (state === "retiring") hub.retire([placementKey(placement)]);
  const table = sent.findLast(({ command }) => command.case === "table")?.command;
  const [first] = table?.case === "table" ? (table.value.upsert[0]?.targets ?? []) : [];
  if (first !== undefined) target = first;
}

function release(): void {
  const value = { epoch: EPOCH, targets: [target] };
  stream.emit("data", create(RouterMessageSchema, { message: { case: "released", value } }));
}

const released = () => isReleased(planner.world, placement, now());

test("a target that was retired before any table held it waits for nobody", () => {
  become("retiring");
  expect(released()).toBe(true);
});

test("a target that a table held waits for the router's word", () => {
  become("wanted");
  become("retiring");
  expect(released()).toBe(false);
  release();
  expect(released()).toBe(true);
});

test("a release given before the target came back does not count when it is retired again", () => {
  become("wanted");
  become("retiring");
  release();
  become("wanted");
  become("retiring");
  expect(released()).toBe(false);
});

test("a release that arrives after the target came back does not count when it is retired again", () => {
  become("wanted");
  become("retiring");
  become("wanted");
  release();
  become("retiring");
  expect(released()).toBe(false);
  release();
  expect(released()).toBe(true);
});
