import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createLocalFleet, LOCAL_FLEET_DEFAULTS } from "@slipway/fleet";
import { hashArtifact, locateArtifact } from "@slipway/onnx-file";
import { externalDataModel } from "@slipway/onnx-file/testing/models";
import { ModelState } from "@slipway/rpc/control/agent";
import { isRunning, silentLogger, systemClock } from "@slipway/service-kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assignedModel } from "./testing/fake-scheduler.ts";
import { type TestReplica, testReplica, until } from "./testing/replica.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples/models/", import.meta.url));
const TIMEOUT_MS = 60_000;

let replica: TestReplica;
beforeEach(async () => {
  replica = await testReplica();
  copyFileSync(join(EXAMPLES, "iris", "model.onnx"), join(replica.models, "iris.onnx"));
});
afterEach(() => replica.dispose());

const uri = (name: string) => pathToFileURL(join(replica.models, name)).href;
const sample = () => readFileSync(join(EXAMPLES, "iris", "sample.json"), "utf8");
const reports = () => Object.fromEntries(replica.scheduler.models);
const ready = (...models: ReturnType<typeof assignedModel>[]) =>
  until(() => models.every((model) => replica.scheduler.stateOf(model) === ModelState.READY), reports);

describe("an agent with its model server", { timeout: TIMEOUT_MS }, () => {
  test("serves what is assigned, reports what it is, and unloads only what left", async () => {
    const iris = assignedModel("iris", uri("iris.onnx"));
    const other = assignedModel("other", uri("iris.onnx"), { batching: "off" });
    replica.scheduler.assign(iris, other);
    await replica.startAgent();
    await ready(iris, other);
    const report = replica.scheduler.reportOf(iris);
    const bytes = readFileSync(join(replica.models, "iris.onnx"));
    expect(report?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(JSON.parse(report?.signatureJson ?? "{}")).toMatchObject({
      inputs: [{ datatype: "FP32" }],
      batching: { proven: true, reason: "" },
      sample: { shapes: [[1, 4]] },
    });
    expect(JSON.parse(replica.scheduler.reportOf(other)?.signatureJson ?? "{}")).toMatchObject({
      batching: { proven: false, reason: "the manifest says batching: off" },
    });
    expect(replica.scheduler.modelServer).toMatchObject({ ready: true, reason: "", crashes: 0 });
    expect(replica.scheduler.modelServer?.residentBytes).toBeGreaterThan(0n);
    expect((await replica.client().inferRaw("iris", sample(), { version: "v1" })).status).toBe(200);
    replica.scheduler.unassign(other);
    await until(() => replica.scheduler.reportOf(other) === undefined, reports);
    expect(await replica.client().modelReady("other", { version: "v1" })).toBe(false);
    expect(await replica.client().modelReady("iris", { version: "v1" })).toBe(true);
  });

  test("an artifact that cannot be loaded fails with its cause and disturbs no neighbour", async () => {
    writeFileSync(join(replica.models, "corrupt.onnx"), "this is no model");
    writeFileSync(join(replica.models, "outside.onnx"), modelWithExternalData("../iris.onnx"));
    mkdirSync(join(replica.models, "two"));
    writeFileSync(join(replica.models, "two", "a.onnx"), "");
    writeFileSync(join(replica.models, "two", "b.onnx"), "");
    writeFileSync(join(replica.folder, "secret.onnx"), "");
    symlinkSync(join(replica.folder, "secret.onnx"), join(replica.models, "link.onnx"));
    const iris = assignedModel("iris", uri("iris.onnx"));
    const wrongSum = "0".repeat(64);
    const cases = [
      [assignedModel("corrupt", uri("corrupt.onnx")), "model/corrupt"],
      [assignedModel("missing", uri("missing.onnx")), "artifact/missing"],
      [assignedModel("summed", uri("iris.onnx"), { sha256: wrongSum }), "artifact/checksum"],
      [assignedModel("external", uri("outside.onnx")), "model/external_data"],
      [assignedModel("two", uri("two")), "artifact/not_one_model"],
      [assignedModel("above", uri("../secret.onnx")), "artifact/not_allowed"],
      [assignedModel("link", uri("link.onnx")), "artifact/not_allowed"],
      [assignedModel("scheme", "s3://bucket/iris"), "artifact/scheme"],
    ] as const;
    replica.scheduler.assign(iris, ...cases.map(([model]) => model));
    await replica.startAgent();
    await ready(iris);
    await until(() => cases.every(([model]) => replica.scheduler.stateOf(model) === ModelState.FAILED), reports);
    expect(cases.map(([model]) => replica.scheduler.reportOf(model)?.errorCode)).toEqual(cases.map(([, code]) => code));
    const data = JSON.parse(replica.scheduler.reportOf(cases[2][0])?.errorDataJson ?? "{}");
    expect(data).toMatchObject({ expected: wrongSum });
    expect((await replica.client().inferRaw("iris", sample())).status).toBe(200);
  });

  test("models with equal graphs and other weights beside them each answer with their own", async () => {
    const put = (name: string, weight: number | null) => {
      mkdirSync(join(replica.models, name), { recursive: true });
      writeFileSync(join(replica.models, name, "model.onnx"), externalDataModel("weights.bin"));
      if (weight === null) return;
      writeFileSync(join(replica.models, name, "weights.bin"), Buffer.from(Float32Array.of(weight, weight).buffer));
    };
    /** As the command line states it. */
    const asStated = async (name: string, version: string) => {
      const located = await locateArtifact(uri(`${name}/model.onnx`), [replica.models]);
      const sha256 = await hashArtifact(located, new AbortController().signal);
      return assignedModel(name, uri(`${name}/model.onnx`), { version, sha256 });
    };
    const answer = async (name: string, version: string) => {
      const body = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[0,0]}]}';
      return JSON.parse((await replica.client().inferRaw(name, body, { version })).body).outputs[0].data;
    };
    put("ten", 10);
    put("twenty", 20);
    put("late", null);
    const [ten, twenty] = [await asStated("ten", "v1"), await asStated("twenty", "v1")];
    const late = assignedModel("late", uri("late/model.onnx"));
    replica.scheduler.assign(ten, twenty, late);
    await replica.startAgent();
    await ready(ten, twenty);
    expect([await answer("ten", "v1"), await answer("twenty", "v1")]).toEqual([
      [10, 10],
      [20, 20],
    ]);
    await until(() => replica.scheduler.stateOf(late) === ModelState.FAILED, reports);
    expect(replica.scheduler.reportOf(late)?.errorCode).toBe("model/external_data_missing");
    put("late", 30);
    put("ten", 11);
    // The same name with its weights, and retrained weights under an equal graph.
    const [whole, retrained] = [await asStated("late", "v1"), await asStated("ten", "v2")];
    replica.scheduler.assign(whole, retrained);
    await ready(whole, retrained);
    expect(await answer("late", "v1")).toEqual([30, 30]);
    expect([await answer("ten", "v1"), await answer("ten", "v2")]).toEqual([
      [10, 10],
      [11, 11],
    ]);
  });

  test("killing the agent leaves the model server answering, and the next agent adopts it without loading again", async () => {
    const iris = assignedModel("iris", uri("iris.onnx"));
    replica.scheduler.assign(iris);
    const first = await replica.startAgent();
    await ready(iris);
    const server = replica.modelServer();
    replica.kill(first);
    await until(() => !isRunning(first));
    expect((await replica.client().inferRaw("iris", sample())).status).toBe(200);
    const before = replica.scheduler.reports.length;
    await replica.startAgent();
    await until(() => replica.scheduler.hellos.length === 2 && replica.scheduler.reports.length > before);
    // The very first word of the new agent is that the model is ready: no router ever has a reason to leave it.
    expect(replica.scheduler.reports[before]).toMatchObject({ full: true, modelServer: { ready: true } });
    expect(replica.scheduler.reports[before]?.models).toMatchObject([{ state: ModelState.READY }]);
    expect(replica.modelServer().pid).toBe(server.pid);
    const states = replica.scheduler.reports.slice(before).flatMap(({ models }) => models.map(({ state }) => state));
    expect(new Set(states)).toEqual(new Set([ModelState.READY]));
  });

  test("a model server that is killed comes back at the same address with its models, also while no scheduler runs", async () => {
    const iris = assignedModel("iris", uri("iris.onnx"));
    replica.scheduler.assign(iris);
    await replica.startAgent();
    await ready(iris);
    // A cached artifact needs its source no more.
    renameSync(join(replica.models, "iris.onnx"), join(replica.models, "elsewhere.onnx"));
    replica.scheduler.stop();
    const server = replica.modelServer();
    replica.kill(server);
    await until(
      async () => replica.modelServer().pid !== server.pid && replica.modelServer().addresses.http !== undefined,
    );
    await until(() =>
      replica
        .client()
        .modelReady("iris", { version: "v1" })
        .catch(() => false),
    );
    expect(replica.modelServer().addresses).toEqual(server.addresses);
    expect((await replica.client().inferRaw("iris", sample())).status).toBe(200);
  });

  test("a replica that is started without any scheduler serves its last good assignment", async () => {
    const iris = assignedModel("iris", uri("iris.onnx"));
    replica.scheduler.assign(iris);
    const agent = await replica.startAgent();
    await ready(iris);
    replica.scheduler.stop();
    replica.kill(agent);
    replica.kill(replica.modelServer());
    rmSync(join(replica.models, "iris.onnx"));
    await until(() => !isRunning(agent));
    await replica.startAgent();
    await until(async () => {
      const client = isRunning(replica.modelServer()) ? replica.client() : null;
      return (await client?.modelReady("iris", { version: "v1" }).catch(() => false)) ?? false;
    });
  });

  test("a leader of an older epoch is refused and a newer one obeyed", async () => {
    const iris = assignedModel("iris", uri("iris.onnx"));
    const wrong = assignedModel("wrong", uri("iris.onnx"));
    replica.scheduler.epoch = 7n;
    replica.scheduler.assign(iris);
    const agent = await replica.startAgent();
    await ready(iris);
    replica.kill(agent);
    replica.scheduler.epoch = 6n;
    replica.scheduler.assign(wrong);
    await replica.startAgent();
    await until(() => replica.scheduler.hellos.length >= 4);
    expect(replica.scheduler.hellos.at(-1)?.highestEpoch).toBe(7n);
    expect(await replica.client().modelReady("wrong")).toBe(false);
    replica.scheduler.epoch = 8n;
    await ready(iris, wrong);
  });

  test("whatever is killed in whatever order while assignments change, the replica converges", async () => {
    const models = Array.from({ length: 6 }, (_, index) => assignedModel(`m${index}`, uri("iris.onnx")));
    replica.scheduler.assign(...models.slice(0, 3));
    let agent = await replica.startAgent();
    await ready(...models.slice(0, 3));
    for (let round = 0; round < 3; round += 1) {
      replica.scheduler.assign(...models.slice(3));
      replica.kill(replica.modelServer());
      replica.scheduler.unassign(...models.slice(0, 2));
      replica.kill(agent);
      replica.scheduler.assign(...models.slice(0, 2));
      agent = await replica.startAgent();
      replica.scheduler.hangUp();
      await until(() => isRunning(replica.modelServer()));
      replica.kill(replica.modelServer());
      replica.scheduler.unassign(...models.slice(3));
    }
    const wanted = models.slice(0, 3);
    const isWhole = async () => {
      const index = await replica.client().index();
      return index.length === wanted.length && replica.scheduler.models.size === wanted.length;
    };
    await until(() => isWhole().catch(() => false), reports);
    await ready(...wanted);
    for (const { key } of wanted) expect(await replica.client().modelReady(key?.modelUid ?? "")).toBe(true);
  });

  test("a replica that the local fleet starts serves, survives its agent, and leaves nothing when it is stopped", async () => {
    const fleet = createLocalFleet(
      {
        ...LOCAL_FLEET_DEFAULTS,
        dataDir: replica.folder,
        schedulerAddresses: [replica.scheduler.address],
        modelRoots: [replica.models],
        registry: { dir: null, url: null },
        supervisorRecord: null,
        internalSecretFile: join(replica.folder, "secret"),
        logLevel: "info",
      },
      { clock: systemClock, logger: silentLogger, random: Math.random, inherited: { PATH: "/usr/bin:/bin" } },
    );
    const signal = new AbortController().signal;
    const iris = assignedModel("iris", uri("iris.onnx"));
    const spec = { group: "platform", server: "onnx", replica: 0 };
    replica.scheduler.assign(iris);
    await fleet.start({ ...spec, runtime: "onnx", capabilities: ["onnx"], memoryBytes: 2 ** 30 }, signal);
    await ready(iris);
    const [agent, server] = [replica.agent(), replica.modelServer()];
    replica.kill(agent);
    await until(() => replica.scheduler.hellos.length === 2 && replica.scheduler.modelServer?.ready === true, reports);
    expect(replica.modelServer().pid).toBe(server.pid);
    const next = replica.agent();
    await fleet.stop(spec, signal);
    expect([next, server].map(isRunning)).toEqual([false, false]);
    expect(await fleet.list()).toEqual([]);
    const uid = iris.key?.modelUid ?? "";
    const scope = { replicas: [{ key: spec, isHere: false, isShared: true }], modelUids: [uid] };
    const newest = { want: "page", filter: {}, place: { at: "newest" }, limit: 100 } as const;
    const answer = await fleet.readLogs(scope, newest, signal);
    if (answer.is !== "page") throw new Error("no page");
    const { lines, runs } = answer.page;
    expect(new Set(lines.map(({ source }) => source))).toEqual(new Set(["agent-onnx-0", "model-server-onnx-0"]));
    const told = lines.map(({ text }) => String(JSON.parse(text).msg));
    expect(told).toContain("model loaded and warmed up");
    expect(told).toContain("a model is ready");
    expect(runs).toMatchObject([{ source: "model-server-onnx-0", endedAtMs: expect.any(Number) }]);
    await fleet.release();
  });

  test("SIGTERM ends the agent and its model server", async () => {
    const agent = await replica.startAgent();
    await until(() => replica.scheduler.modelServer?.ready === true);
    const server = replica.modelServer();
    process.kill(agent.pid, "SIGTERM");
    await until(() => !isRunning(agent) && !isRunning(server));
    expect(() => replica.modelServer()).toThrow();
  });
});

/** A model file whose one weight is said to lie in another file: graph { initializer { external_data { location } } }. */
function modelWithExternalData(location: string): Buffer {
  const field = (number: number, content: Buffer | string) => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  };
  const entry = Buffer.concat([field(1, "location"), field(2, location)]);
  return field(7, field(5, field(13, entry)));
}
