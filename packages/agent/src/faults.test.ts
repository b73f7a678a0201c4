import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ModelState } from "@slipway/rpc/control/agent";
import { isRunning, type ProcessRecord } from "@slipway/service-kit";
import { afterEach, describe, expect, test } from "vitest";
import { readSuspects } from "./supervise/crash-report.ts";
import { assignedModel, FakeScheduler } from "./testing/fake-scheduler.ts";
import { TEST_SECRET, type TestReplica, testReplica, until } from "./testing/replica.ts";

const FRAGILE = fileURLToPath(new URL("./testing/fragile-model-server.ts", import.meta.url));

let replica: TestReplica;
afterEach(() => replica.dispose());

async function fragileReplica(env: Record<string, string> = {}, schedulers: FakeScheduler[] = []): Promise<void> {
  replica = await testReplica({ env: { SLIPWAY_AGENT_MODEL_SERVER: FRAGILE, ...env }, schedulers });
  writeFileSync(join(replica.models, "model.onnx"), "held by a server that does not look at it");
}
const model = (name: string) => assignedModel(name, pathToFileURL(join(replica.models, "model.onnx")).href);
const reports = () => Object.fromEntries(replica.scheduler.models);
const isReady = (each: ReturnType<typeof assignedModel>) => replica.scheduler.stateOf(each) === ModelState.READY;
const isUp = () => until(() => replica.scheduler.modelServer?.ready === true);
const isReplaced = (server: ProcessRecord) =>
  until(() => {
    const now = replica.modelServer();
    return now.pid !== server.pid && now.addresses.http !== undefined;
  });

describe("an agent among faults", { timeout: 60_000 }, () => {
  test("a model that kills its server while it loads is quarantined and its neighbours serve", async () => {
    await fragileReplica();
    const neighbours = ["one", "two", "three"].map(model);
    const killer = model("killer");
    replica.scheduler.assign(...neighbours, killer);
    await replica.startAgent();
    await until(() => replica.scheduler.stateOf(killer) === ModelState.FAILED && neighbours.every(isReady), reports);
    expect(replica.scheduler.reportOf(killer)).toMatchObject({
      errorCode: "model/quarantined",
      errorDataJson: JSON.stringify({ crashes: 2 }),
    });
    expect(replica.scheduler.modelServer?.crashes).toBe(2);
    // It stays so for the next agent, and gets another chance when it was taken out of the assignment.
    replica.kill(replica.agent());
    await replica.startAgent();
    await until(() => replica.scheduler.hellos.length === 2 && neighbours.every(isReady), reports);
    expect(replica.scheduler.reportOf(killer)?.errorCode).toBe("model/quarantined");
    replica.scheduler.unassign(killer);
    await until(() => replica.scheduler.reportOf(killer) === undefined, reports);
    replica.scheduler.assign(killer);
    await until(() => replica.scheduler.modelServer?.crashes === 2, reports);
  });

  test("a model that kills its server while it runs is quarantined", async () => {
    await fragileReplica();
    const [trap, neighbour] = [model("trap"), model("neighbour")];
    replica.scheduler.assign(trap, neighbour);
    await replica.startAgent();
    for (const _ of [1, 2]) {
      await until(() => isReady(trap) && isReady(neighbour), reports);
      const server = replica.modelServer();
      await replica
        .client()
        .inferRaw("trap", "{}")
        .catch(() => undefined);
      await isReplaced(server);
    }
    await until(() => replica.scheduler.reportOf(trap)?.errorCode === "model/quarantined", reports);
    await until(() => isReady(neighbour), reports);
  });

  test("a model that its server does not run any more has failed with the cause, and its neighbours stay as they are", async () => {
    await fragileReplica();
    const [hung, neighbour] = [model("hung"), model("neighbour")];
    replica.scheduler.assign(hung, neighbour);
    await replica.startAgent();
    await until(() => replica.scheduler.reportOf(hung)?.errorCode === "model/hung", reports);
    expect(replica.scheduler.reportOf(hung)).toMatchObject({
      state: ModelState.FAILED,
      errorDataJson: JSON.stringify({ runs: 3 }),
    });
    await until(() => isReady(neighbour), reports);
    expect(replica.scheduler.modelServer).toMatchObject({ ready: true, crashes: 0 });
  });

  test("a server that is killed from outside is held against no model, however often", async () => {
    await fragileReplica();
    const busy = model("busy");
    replica.scheduler.assign(busy);
    await replica.startAgent();
    for (const _ of [1, 2, 3]) {
      await until(() => isReady(busy), reports);
      const running = replica
        .client()
        .inferRaw("busy", "{}")
        .catch(() => undefined);
      const server = replica.modelServer();
      await until(() => readSuspects(join(replica.folder, "state", "crash.json")).length > 0);
      replica.kill(server);
      await running;
      await isReplaced(server);
    }
    await until(() => isReady(busy), reports);
  });

  test("a server that hangs is ended and started again", async () => {
    await fragileReplica({ SLIPWAY_AGENT_HUNG_AFTER: "1000" });
    const one = model("one");
    replica.scheduler.assign(one);
    await replica.startAgent();
    await until(() => isReady(one), reports);
    const server = replica.modelServer();
    process.kill(server.pid, "SIGSTOP");
    await isReplaced(server);
    await until(() => isReady(one), reports);
    expect(isRunning(server)).toBe(false);
  });

  test("an agent follows a standby's word to the leader", async () => {
    const standby = new FakeScheduler(TEST_SECRET);
    await standby.start();
    await fragileReplica({ SLIPWAY_SCHEDULER_ADDRESSES: standby.address }, [standby]);
    standby.leader = replica.scheduler.address;
    await replica.startAgent();
    await isUp();
    expect(standby.hellos.length).toBeGreaterThan(0);
  });

  test("a lost stream is opened again and begins with a full report", async () => {
    await fragileReplica();
    const one = model("one");
    replica.scheduler.assign(one);
    await replica.startAgent();
    await until(() => isReady(one), reports);
    const before = replica.scheduler.reports.length;
    replica.scheduler.hangUp();
    await until(() => replica.scheduler.hellos.length === 2 && replica.scheduler.reports.length > before);
    expect(replica.scheduler.reports.slice(before).find(({ full }) => full)?.models).toMatchObject([
      { state: ModelState.READY },
    ]);
  });

  test("a replica whose supervisor is gone ends itself with its model server", async () => {
    await fragileReplica({ SLIPWAY_SUPERVISOR_RECORD: "/nonexistent", SLIPWAY_AGENT_ORPHAN_GRACE: "2500" });
    const agent = await replica.startAgent();
    await isUp();
    const server = replica.modelServer();
    await until(() => !isRunning(agent) && !isRunning(server));
  });

  test("a replica whose data is gone ends itself with its model server", async () => {
    await fragileReplica();
    const agent = await replica.startAgent();
    await isUp();
    const server = replica.modelServer();
    rmSync(join(replica.folder, "state"), { recursive: true });
    await until(() => !isRunning(agent) && !isRunning(server));
  });

  test("a second agent of one replica does not run", async () => {
    await fragileReplica();
    await replica.startAgent();
    await isUp();
    const second = await replica.startAgent();
    await until(() => !isRunning(second));
    expect(replica.scheduler.hellos).toHaveLength(1);
  });
});
