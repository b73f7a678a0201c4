import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aDeployment, aServer } from "../testing/factories.ts";
import { Simulation } from "../testing/simulation.ts";

const servers = 2;
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("apply" as const),
      name: fc.constantFrom("a", "b", "c", "d"),
      replicas: fc.integer({ min: 0, max: 3 }),
      uri: fc.constantFrom("file:/m/1.onnx", "file:/m/2.onnx", "file:/m/broken.onnx"),
      memory: fc.constantFrom("100Mi", "300Mi", "600Mi"),
      running: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), name: fc.constantFrom("a", "b", "c", "d") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("lose" as const),
      server: fc.integer({ min: 0, max: servers - 1 }),
      index: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("scale" as const),
      server: fc.integer({ min: 0, max: servers - 1 }),
      replicas: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("turn" as const), times: fc.integer({ min: 1, max: 3 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function start(): Simulation {
  const simulation = new Simulation(1_000);
  for (let n = 0; n < servers; n += 1) simulation.apply(aServer(`onnx${n}`, { replicas: 2 }));
  simulation.settle();
  return simulation;
}

function perform(simulation: Simulation, action: Step): void {
  switch (action.kind) {
    case "apply":
      if (simulation.world.deployments.get(action.name)?.deleting === true) return;
      simulation.apply(aDeployment(action.name, action));
      return;
    case "delete":
      simulation.delete(action.name);
      return;
    case "lose":
      simulation.lose(`onnx${action.server}`, action.index);
      return;
    case "scale":
      simulation.apply(aServer(`onnx${action.server}`, { replicas: action.replicas }));
      return;
    case "turn":
      for (let n = 0; n < action.times; n += 1) simulation.turn();
      return;
    default:
      action satisfies never;
  }
}

function wantedOf(simulation: Simulation, uid: string) {
  return simulation.world
    .children(uid)
    .flatMap((model) => simulation.world.placementsOfModel(model.uid))
    .filter(({ state }) => state === "wanted");
}

/** What holds after every single step, whatever happened before. Throws plainly: it runs very often. */
function checkSafety(simulation: Simulation): void {
  const { world } = simulation;
  const must = (holds: boolean, what: string) => {
    if (!holds) throw new Error(what);
  };
  for (const { serverUid, index, memoryBytes } of world.replicas.values()) {
    must(world.placedBytes(serverUid, index) <= memoryBytes, `${serverUid}/${index} is over its memory`);
  }
  for (const model of world.models.values()) {
    const facts = world.facts.get(model.uid);
    if (facts?.attempt !== model.ownerGeneration) continue;
    const current = world
      .placementsOfModel(model.uid)
      .filter(({ version, state }) => state === "wanted" && version === facts.version);
    const staying = current.filter(({ serverUid, replica }) => {
      const server = world.servers.get(serverUid);
      return world.replicas.get(`${serverUid}/${replica}`)?.draining === false && (server?.spec.replicas ?? 0) > 0;
    });
    must(staying.length <= model.spec.replicas, `${model.name} has more replicas than asked for`);
    must(new Set(staying.map(({ replica }) => replica)).size === staying.length, `${model.name} is twice on a replica`);
    must(new Set(staying.map(({ serverUid }) => serverUid)).size <= 1, `${model.name} is on two servers`);
  }
}

describe("the planner, whatever happens", () => {
  test("never places more replicas than asked, never over memory, on one server, and settles", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const simulation = start();
        simulation.onTurn = () => checkSafety(simulation);
        for (const action of steps) perform(simulation, action);
        simulation.settle();
        for (const deployment of simulation.world.deployments.values()) {
          if (deployment.spec.running && !deployment.deleting) continue;
          expect(wantedOf(simulation, deployment.uid)).toEqual([]);
        }
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("nothing is held for a deployment that is stopped or deleted once all is quiet", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const simulation = start();
        for (const action of steps) perform(simulation, action);
        for (const uid of [...simulation.world.deployments.keys()]) simulation.delete(uid);
        simulation.settle();
        expect(simulation.world.placements.size).toBe(0);
        expect(simulation.world.deployments.size + simulation.world.models.size).toBe(0);
      }),
      { numRuns: 100, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("capacity that is lost moves only what was on it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 3 }), (steps, pick) => {
        const simulation = start();
        for (const action of steps) perform(simulation, action);
        simulation.settle();
        const { world } = simulation;
        const replica = [...world.replicas.values()][pick];
        if (replica === undefined) return;
        const others = [...world.placements.entries()].filter(
          ([, { serverUid, replica: index, state }]) =>
            state === "wanted" && !(serverUid === replica.serverUid && index === replica.index),
        );
        simulation.lose(replica.serverUid, replica.index);
        simulation.settle();
        for (const [key] of others) expect(world.placements.get(key)?.state).toBe("wanted");
      }),
      { numRuns: 150, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("an update never takes the last answering replica away before the new version answers", () => {
    const update = fc.record({
      replicas: fc.integer({ min: 1, max: 3 }),
      uri: fc.constantFrom("file:/m/1.onnx", "file:/m/2.onnx", "file:/m/3.onnx", "file:/m/broken.onnx"),
      memory: fc.constantFrom("100Mi", "300Mi", "450Mi"),
      turns: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 6 }), (updates) => {
        const simulation = start();
        simulation.apply(aDeployment("a", { uri: "file:/m/0.onnx", memory: "100Mi" }));
        simulation.settle();
        expect(simulation.world.statuses.get("a")?.lifecycle).toBe("Live");
        const before = simulation.history.length;
        for (const { turns, ...spec } of updates) {
          simulation.apply(aDeployment("a", spec));
          for (let n = 0; n < turns; n += 1) simulation.turn();
        }
        simulation.settle();
        for (const counts of simulation.history.slice(before)) expect(counts.get("a")).toBeGreaterThan(0);
      }),
      { numRuns: 200, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("freed capacity places what waits", () => {
    const simulation = start();
    for (const name of ["a", "b", "c", "d"]) simulation.apply(aDeployment(name, { memory: "900Mi" }));
    simulation.settle();
    simulation.apply(aDeployment("e", { memory: "900Mi" }));
    simulation.settle();
    expect(simulation.world.statuses.get("e")).toMatchObject({
      lifecycle: "Pending",
      health: "Degraded",
      reason: "placement/no_capacity",
      message: expect.stringMatching(
        /needs 900 MiB; the roomiest replica of server onnx\d has 100 MiB free; raise its/,
      ),
    });
    simulation.delete("b");
    simulation.settle();
    expect(simulation.world.statuses.get("e")).toMatchObject({ lifecycle: "Live", health: "Healthy", message: "" });
  });

  test("fewer replicas than asked is a state of its own, and more capacity ends it", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { replicas: 3 }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Degraded",
      traffic: "Partial",
      reason: "placement/too_few_replicas",
      message: expect.stringMatching(/^2 of 3 replicas are placed on server onnx\d: each replica of a model needs/),
      replicas: { ready: 2, starting: 0, wanted: 3 },
    });
    simulation.apply(aServer("onnx0", { replicas: 3 }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({ health: "Healthy", traffic: "Serving" });
  });

  test("a failed update leaves the old version serving, says why, and is not tried again until the spec changes", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { uri: "file:/m/1.onnx" }));
    simulation.settle();
    simulation.apply(aDeployment("a", { uri: "file:/m/broken.onnx" }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Degraded",
      traffic: "Serving",
      reason: "rollout/update_failed",
      message: expect.stringMatching(/^The last update failed.*broken/),
      servingGeneration: 1,
    });
    let loads = 0;
    simulation.onTurn = ({ placements }) => {
      loads += placements.size;
    };
    simulation.planner.touchAll();
    simulation.settle();
    expect(loads).toBe(0);
    simulation.apply(aDeployment("a", { uri: "file:/m/2.onnx" }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Healthy",
      servingGeneration: 3,
    });
  });

  test("what failed is tried again as soon as it is asked for once more, with what lies there then", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { uri: "file:/m/broken.onnx" }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({ health: "Failed", servingGeneration: null });
    simulation.isBroken = () => false;
    simulation.apply(aDeployment("a", { uri: "file:/m/broken.onnx" }));
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Healthy",
      servingGeneration: 2,
    });
  });

  test("without a digest every replica is told to load the very bytes that the first one loaded", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { replicas: 1 }));
    simulation.settle();
    simulation.apply(aDeployment("a", { replicas: 2 }));
    simulation.settle();
    const loads = wantedOf(simulation, "a").map(({ load }) => load.sha256);
    expect(loads.sort()).toEqual(["", "00"]);
  });

  test("the old version comes back on another replica when its own is lost while the update has failed", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { uri: "file:/m/1.onnx" }));
    simulation.settle();
    simulation.apply(aDeployment("a", { uri: "file:/m/broken.onnx" }));
    simulation.settle();
    const [placement] = wantedOf(simulation, "a");
    if (placement === undefined) throw new Error("expected a placement");
    simulation.lose(placement.serverUid, placement.replica);
    simulation.settle();
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Degraded",
      servingGeneration: 1,
    });
  });

  test("a version that is asked for again before the routers let it go serves on at once, without a load", () => {
    const simulation = start();
    simulation.apply(aServer("onnx1", { replicas: 0 }));
    simulation.apply(aServer("onnx0", { replicas: 1 }));
    simulation.apply(aDeployment("a", { uri: "file:/m/1.onnx" }));
    simulation.settle();
    const [first] = wantedOf(simulation, "a");
    simulation.world.routersUnknownUntilMs = Number.MAX_SAFE_INTEGER;
    simulation.apply(aDeployment("a", { uri: "file:/m/2.onnx" }));
    simulation.settle();
    let placed = 0;
    simulation.onTurn = ({ events }) => {
      placed += events.filter(({ reason }) => reason === "Placed").length;
    };
    simulation.apply(aDeployment("a", { uri: "file:/m/1.onnx" }));
    simulation.settle();
    expect(wantedOf(simulation, "a")).toEqual([expect.objectContaining({ version: first?.version, state: "wanted" })]);
    expect(placed).toBe(0);
    expect(simulation.world.statuses.get("a")).toMatchObject({
      lifecycle: "Live",
      health: "Healthy",
      servingGeneration: 3,
    });
  });

  test("a change of limits, access or scale loads nothing anew", () => {
    const simulation = start();
    simulation.apply(aDeployment("a", { replicas: 2 }));
    simulation.settle();
    const before = wantedOf(simulation, "a");
    const deployment = aDeployment("a", { replicas: 1 });
    simulation.apply({
      ...deployment,
      spec: {
        ...deployment.spec,
        access: { visibility: "public" },
        limits: { ...deployment.spec.limits, timeout: "5s" },
      },
    });
    simulation.settle();
    const [kept] = wantedOf(simulation, "a");
    expect(before.map(({ version, replica, serverUid }) => ({ version, replica, serverUid }))).toContainEqual({
      version: kept?.version,
      replica: kept?.replica,
      serverUid: kept?.serverUid,
    });
    expect(simulation.world.statuses.get("a")).toMatchObject({
      observedGeneration: 2,
      lifecycle: "Live",
      servingGeneration: 2,
    });
  });

  test("a server that shrinks loses its emptiest replica, after that one's models answer elsewhere", () => {
    const simulation = start();
    simulation.apply(aServer("onnx1", { replicas: 0 }));
    simulation.apply(aDeployment("a", { replicas: 2 }));
    simulation.apply(aDeployment("b", { memory: "500Mi" }));
    simulation.settle();
    const crowded = wantedOf(simulation, "b")[0]?.replica;
    simulation.apply(aServer("onnx0", { replicas: 1 }));
    simulation.settle();
    expect(simulation.world.replicasOfServer("onnx0").map(({ index }) => index)).toContain(crowded);
    const counts = simulation.history.map((turn) => turn.get("b")).slice(-3);
    expect(counts).not.toContain(0);
  });
});
