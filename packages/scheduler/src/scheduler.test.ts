import { testDatabase, until } from "@slipway/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { deployment, onnxServer, type Rig, type RigOptions, startRig } from "./testing/rig.ts";

async function rig(options: RigOptions = {}): Promise<Rig> {
  const { db } = await testDatabase();
  const started = await startRig(db, { routersUnknownMs: 500, ...options });
  onTestFinished(() => started.stop());
  return started;
}

const live = (on: Rig, name: string) =>
  until(async () => (await on.status(name)).lifecycle === "Live", { timeoutMs: 15_000, what: `${name} is Live` });

describe("a scheduler that leads", () => {
  test("loads what is deployed, routes to it, and says that it is Live with its steps and signature", async () => {
    const on = await rig();
    await on.apply(onnxServer());
    await on.apply(deployment("iris", "file:/models/iris.onnx", "  scaling: { replicas: 2 }"));
    await live(on, "iris");
    const status = await on.status("iris");
    expect(status).toMatchObject({
      observedGeneration: 1,
      health: "Healthy",
      traffic: "Serving",
      message: "",
      replicas: { ready: 2, starting: 0, wanted: 2 },
      servingGeneration: 1,
      signature: { inputs: [{ name: "X", datatype: "FP32", shape: [-1, 4] }] },
    });
    expect(status.progress.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "placed done",
      "fetched done",
      "loaded done",
      "routed done",
    ]);
    // Live is said only when the router has taken up the route, so there is nothing to wait for.
    const route = on.router.route("default/iris");
    expect(route?.targets.map(({ httpAddress }) => httpAddress).sort()).toEqual(["127.0.0.1:20000", "127.0.0.1:20001"]);
    const { rows } = await on.ctx.db.pool.query("SELECT result, resolution FROM revision WHERE kind = 'Deployment'");
    expect(rows).toEqual([{ result: "succeeded", resolution: { main: { sha256: "ab".repeat(32) } } }]);
  });

  test("updates by loading, routing, waiting for the router's release, and only then unloading", async () => {
    const on = await rig();
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris", "file:/models/1.onnx"));
    await live(on, "iris");
    const agent = on.fleet.agent("onnx", 0);
    const [old] = agent.held;
    on.router.hold(true);
    let emptyTables = 0;
    on.router.onChange = () => {
      if ((on.router.route("default/iris")?.targets.length ?? 0) === 0) emptyTables += 1;
    };
    await on.apply(deployment("iris", "file:/models/2.onnx"));
    await until(() => on.router.route("default/iris")?.targets[0]?.model?.version !== old?.split("/")[1]);
    await until(async () => (await on.status("iris")).servingGeneration === 2);
    expect(agent.held).toContain(old);
    expect(agent.held).toHaveLength(2);
    on.router.hold(false);
    await until(() => agent.held.length === 1);
    expect(agent.held).not.toContain(old);
    expect(emptyTables).toBe(0);
    await until(async () => (await on.ctx.db.pool.query("SELECT FROM placement")).rowCount === 1);
  });

  test("a failed update leaves the old version serving and says why", async () => {
    const on = await rig({ outcome: ({ uri }) => (uri.includes("broken") ? "corrupt" : "ready") });
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    await on.apply(deployment("iris", "file:/models/broken.onnx"));
    const status = await until(async () => {
      const now = await on.status("iris");
      return now.health === "Degraded" ? now : null;
    });
    expect(status).toMatchObject({
      lifecycle: "Live",
      traffic: "Serving",
      reason: "rollout/update_failed",
      message: expect.stringContaining("The model cannot be loaded: not an ONNX model"),
      servingGeneration: 1,
    });
    expect(on.router.route("default/iris")?.targets).toHaveLength(1);
  });

  test("frees memory on a stop, and gives it to what waits", async () => {
    const on = await rig();
    await on.apply(onnxServer(1, "300Mi"));
    await on.apply(deployment("first", "file:/models/1.onnx", "  resources: { memory: 200Mi }"));
    await live(on, "first");
    await on.apply(deployment("second", "file:/models/2.onnx", "  resources: { memory: 200Mi }"));
    await until(async () => (await on.status("second")).reason === "placement/no_capacity");
    expect((await on.status("second")).message).toBe(
      "needs 200 MiB; the roomiest replica of server onnx has 100 MiB free; raise its replicas with: slipway scale server onnx --replicas N",
    );
    await on.apply(deployment("first", "file:/models/1.onnx", "  resources: { memory: 200Mi }\n  running: false"));
    await live(on, "second");
    await until(async () => (await on.status("first")).lifecycle === "Stopped");
    expect(on.router.route("default/first")).toMatchObject({ running: false, targets: [] });
  });

  test("removes a deployment with its route, its model and its placements, and frees the name", async () => {
    const on = await rig();
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    await on.delete("Deployment", "iris");
    await until(async () => (await on.ctx.db.pool.query("SELECT FROM resource WHERE kind <> 'Server'")).rowCount === 0);
    expect(on.router.route("default/iris")).toBeUndefined();
    expect(on.fleet.agent("onnx", 0).held).toEqual([]);
    await on.apply(deployment("iris"));
    await live(on, "iris");
  });

  test("an agent that dies takes no route with it; a model server that dies does", async () => {
    const on = await rig();
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    const tables: number[] = [];
    on.router.onChange = () => tables.push(on.router.route("default/iris")?.targets.length ?? 0);
    const key = { group: "platform", server: "onnx", replica: 0 };
    const [spec] = await on.fleet.list();
    on.fleet.kill(key);
    await until(() => on.leader()?.leadership?.agents.connected === 0);
    if (spec !== undefined) await on.fleet.start(spec.spec);
    await until(() => on.leader()?.leadership?.agents.connected === 1);
    expect(tables).not.toContain(0);
    on.fleet.agent("onnx", 0).setModelServer(false);
    await until(() => on.router.route("default/iris")?.targets.length === 0);
    on.fleet.agent("onnx", 0).setModelServer(true);
    await until(() => on.router.route("default/iris")?.targets.length === 1);
  });

  test("scaling a server down moves the models of the replica that goes", async () => {
    const on = await rig();
    await on.apply(onnxServer(2));
    for (const name of ["a", "b", "c", "d"]) await on.apply(deployment(name));
    for (const name of ["a", "b", "c", "d"]) await live(on, name);
    expect(on.fleet.agents.size).toBe(2);
    await on.apply(onnxServer(1));
    await until(() => on.fleet.agents.size === 1);
    for (const name of ["a", "b", "c", "d"]) expect(on.router.route(`default/${name}`)?.targets).toHaveLength(1);
  });
});

describe("two schedulers", () => {
  test("another one leads at once when the leader stops cleanly, and no route changes meanwhile", async () => {
    const on = await rig({ schedulers: 2 });
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    const leader = on.leader();
    const before = on.router.epoch;
    const tables: number[] = [];
    on.router.onChange = () => tables.push(on.router.route("default/iris")?.targets.length ?? 0);
    if (leader === undefined) throw new Error("nobody leads");
    await on.stopScheduler(leader);
    await until(() => on.router.epoch > before, { timeoutMs: 5_000 });
    await on.apply(deployment("second"));
    await live(on, "second");
    expect(tables).not.toContain(0);
    expect(on.fleet.agent("onnx", 0).log.filter((entry) => entry.startsWith("-"))).toEqual([]);
  });
});
