import { describe, expect, test } from "vitest";
import { Planner } from "../planner/planner.ts";
import { compileRoute } from "../routes/compile-route.ts";
import { aDeployment, aModel, aServer, readyReplica } from "../testing/factories.ts";
import { placementKey } from "./keys.ts";
import { modelVersion } from "./model-version.ts";
import { REPLICA_EXPIRY_MS } from "./replica-liveness.ts";
import { isReleased, noteTold, ROUTER_LEASE_MS } from "./router-liveness.ts";
import type { Now, Placement, Router } from "./types.ts";

const at = (monotonicMs: number): Now => ({ wallMs: 0, monotonicMs });

/** A deployment that served before this leader took over; its replica has not been heard of yet. */
function takenOver() {
  const planner = new Planner();
  const { world } = planner;
  const deployment = aDeployment("iris");
  const model = { ...aModel("iris.main"), ownerUid: deployment.uid, ownerGeneration: 1 };
  const placement: Placement = {
    ...{ modelUid: model.uid, version: modelVersion(model.spec), serverUid: "onnx", replica: 0, generation: 1 },
    ...{ memoryBytes: 1, state: "wanted", serving: { http: "127.0.0.1:1", grpc: "127.0.0.1:2" } },
    load: {
      uri: model.spec.storageUri,
      format: "onnx",
      sha256: "",
      startTimeoutMs: 1,
      displayName: "default/iris.main",
    },
  };
  for (const resource of [aServer("onnx"), deployment, model]) planner.putResource(resource);
  world.putPlacement(placement);
  world.replica("onnx", 0, 0);
  const targets = (now: Now) => compileRoute(world, deployment, now)?.targets.length;
  return { planner, world, placement, targets };
}

function aRouter(of: Partial<Router> = {}): Router {
  return { id: "gateway", connected: true, appliedMs: 0, appliedVersion: 0n, released: new Set(), ...of };
}

describe("unknown is not gone", () => {
  test("a replica that a new leader has not heard of keeps its placements and routes for 30 s, and no longer", () => {
    const { planner, world, targets } = takenOver();
    planner.touchAll();
    planner.step(at(0));
    planner.touchAll();
    const early = planner.step(at(REPLICA_EXPIRY_MS - 1));
    expect(targets(at(REPLICA_EXPIRY_MS - 1))).toBe(1);
    expect(early.removedPlacements.size).toBe(0);
    expect(planner.nextDueMs()).toBe(REPLICA_EXPIRY_MS);
    const late = planner.step(at(REPLICA_EXPIRY_MS));
    expect(targets(at(REPLICA_EXPIRY_MS))).toBe(0);
    expect(late.removedPlacements.size).toBe(1);
    expect(world.placements.size).toBe(0);
  });

  test("an agent's report decides at once: a model server that is not ready is no target", () => {
    const { world, targets } = takenOver();
    const replica = readyReplica(world, "onnx", 0);
    if (replica.modelServer !== null) replica.modelServer = { ...replica.modelServer, ready: false };
    expect(targets(at(1))).toBe(0);
  });
});

describe("a retired target", () => {
  const retired = () => {
    const { world, placement } = takenOver();
    const leaving: Placement = { ...placement, state: "retiring" };
    world.putPlacement(leaving);
    world.retirements.set(placementKey(leaving), { tableVersion: 5n, atMs: 0 });
    return { world, leaving };
  };

  test("is released only when every router with a lease says so", () => {
    const { world, leaving } = retired();
    const [one, two] = [aRouter({ id: "one" }), aRouter({ id: "two" })];
    world.routers.set("one", one);
    world.routers.set("two", two);
    one.released.add(placementKey(leaving));
    expect(isReleased(world, leaving, at(1))).toBe(false);
    two.released.add(placementKey(leaving));
    expect(isReleased(world, leaving, at(1))).toBe(true);
  });

  test("does not wait for a router whose lease ran out", () => {
    const { world, leaving } = retired();
    world.routers.set("gateway", aRouter({ connected: false }));
    expect(isReleased(world, leaving, at(ROUTER_LEASE_MS))).toBe(false);
    expect(isReleased(world, leaving, at(ROUTER_LEASE_MS + 1))).toBe(true);
  });

  test("is released by a silent router once it has routed without it for longer than a request may take", () => {
    const { world, leaving } = retired();
    const router = aRouter({ appliedVersion: 5n });
    world.routers.set("gateway", router);
    router.appliedMs = 31_000;
    expect(isReleased(world, leaving, at(31_000))).toBe(false);
    router.appliedMs = 33_000;
    expect(isReleased(world, leaving, at(33_000))).toBe(true);
    router.appliedVersion = 4n;
    expect(isReleased(world, leaving, at(33_000))).toBe(false);
  });

  test("waits, after a takeover, for the routers of the former leader", () => {
    const { world, leaving } = retired();
    world.routersUnknownUntilMs = 10_000;
    expect(isReleased(world, leaving, at(9_999))).toBe(false);
    expect(isReleased(world, leaving, at(10_000))).toBe(true);
  });

  test("that stood in no table is released by every router at once, as none will ever speak of it", () => {
    const { world, leaving } = retired();
    world.routers.set("gateway", aRouter());
    expect(isReleased(world, leaving, at(1))).toBe(false);
    world.untold.add(placementKey(leaving));
    expect(isReleased(world, leaving, at(1))).toBe(true);
  });

  test("that has stood in a table is waited for, also when it was in none before", () => {
    const { world, placement } = takenOver();
    world.routers.set("gateway", aRouter({ released: new Set([placementKey(placement)]) }));
    world.untold.add(placementKey(placement));
    noteTold(world, [placement.modelUid], at(1));
    const leaving: Placement = { ...placement, state: "retiring" };
    world.putPlacement(leaving);
    world.retirements.set(placementKey(leaving), { tableVersion: 5n, atMs: 0 });
    expect(isReleased(world, leaving, at(1))).toBe(false);
  });
});
