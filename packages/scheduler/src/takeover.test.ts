import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { newFeedEpoch } from "@slipway/db";
import { codeOfServiceError, internalMetadata, methodDefinition } from "@slipway/rpc";
import { ResourceKeySchema, SchedulerQuery } from "@slipway/rpc/control/query";
import { testDatabase, testPostgres, until } from "@slipway/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { deployment, onnxServer, type Rig, startRig } from "./testing/rig.ts";

const PROGRAM = fileURLToPath(new URL("./testing/run-test-scheduler.ts", import.meta.url));

const live = (on: Rig, name: string) =>
  until(async () => (await on.status(name)).lifecycle === "Live", { timeoutMs: 15_000, what: `${name} is Live` });

/** A scheduler of the rig as a process of its own, so that it can be frozen; resolves when it listens. */
async function spawnScheduler(databaseUrl: string, id: string, address: string): Promise<ChildProcess> {
  const port = address.slice(address.lastIndexOf(":") + 1);
  const child = spawn(process.execPath, [PROGRAM, databaseUrl, id, port], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", () => reject(new Error("the scheduler did not start")));
  });
  return child;
}

/** The code with which a scheduler refuses a question. */
function codeOfExplain(address: string): Promise<string | null> {
  const client = new Client(address, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = methodDefinition(SchedulerQuery.method.explain);
  const request = create(ResourceKeySchema, { group: "default", kind: "Deployment", name: "iris" });
  return new Promise((resolve) => {
    const done = (error: ServiceError | null) => {
      client.close();
      resolve(error === null ? null : codeOfServiceError(error));
    };
    const options = { deadline: Date.now() + 1_000 };
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      internalMetadata("internal"),
      options,
      done,
    );
  });
}

describe("a leader that is frozen", () => {
  test("loses the lead within 5 s, and changes nothing when it comes back", async () => {
    const { db, url } = await testDatabase();
    const on = await startRig(db, { schedulers: 2, routersUnknownMs: 500 });
    onTestFinished(() => on.stop());
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    // The rig's schedulers leave; a process leads, which can be frozen.
    const [first, second] = on.schedulers;
    if (first === undefined || second === undefined) throw new Error("expected two schedulers");
    await on.stopScheduler(first);
    await on.stopScheduler(second);
    const frozen = await spawnScheduler(url, "frozen", on.addresses[0] ?? "");
    const before = on.router.epoch;
    await until(() => on.router.epoch > before, { timeoutMs: 5_000 });
    const held = on.router.epoch;
    await until(() => on.fleet.agent("onnx", 0).epoch === held);

    frozen.kill("SIGSTOP");
    const startedMs = performance.now();
    await on.startScheduler(1);
    await until(async () => Number((await db.pool.query("SELECT value FROM epoch")).rows[0].value) > Number(held), {
      timeoutMs: 5_500,
    });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await on.apply(deployment("iris", "file:/models/2.onnx"));
    await until(() => on.router.epoch > held, { timeoutMs: 10_000 });
    await until(async () => (await on.status("iris")).servingGeneration === 2, { timeoutMs: 15_000 });
    await until(() => on.fleet.agent("onnx", 0).held.length === 1, { timeoutMs: 15_000 });

    const placed = await until(async () => {
      const found = await db.pool.query("SELECT * FROM placement");
      return found.rowCount === 1 ? found : null;
    });
    const routerEpoch = on.router.epoch;
    frozen.kill("SIGCONT");
    // Its loop has run again: it knows that it leads no more.
    await until(async () => (await codeOfExplain(on.addresses[0] ?? "")) === "scheduler/not_leader");
    await on.apply(deployment("second"));
    await live(on, "second");
    expect(on.router.epoch).toBe(routerEpoch);
    expect(on.fleet.agent("onnx", 0).epoch).toBe(routerEpoch);
    expect((await db.pool.query("SELECT * FROM placement WHERE version = $1", [placed.rows[0].version])).rows).toEqual(
      placed.rows,
    );
  }, 60_000);
});

describe("a database that goes and comes back", () => {
  test("a scheduler whose connections are all cut leads on, and changes take effect", async () => {
    const { db, url } = await testDatabase();
    const on = await startRig(db, { routersUnknownMs: 500 });
    onTestFinished(() => on.stop());
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    const tables: number[] = [];
    on.router.onChange = () => tables.push(on.router.route("default/iris")?.targets.length ?? 0);
    const name = new URL(url).pathname.slice(1);
    await testPostgres().run((server) =>
      server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]),
    );
    await until(() => on.apply(deployment("second")), { timeoutMs: 5_000 });
    await live(on, "second");
    expect(tables).not.toContain(0);
  });

  test("a feed that begins anew, as after a restored dump, is read again from the start", async () => {
    const { db } = await testDatabase();
    const on = await startRig(db, { routersUnknownMs: 500 });
    onTestFinished(() => on.stop());
    await on.apply(onnxServer(1));
    await on.apply(deployment("iris"));
    await live(on, "iris");
    await db.pool.query("UPDATE epoch SET value = 0");
    await newFeedEpoch(db.pool);
    await on.apply(deployment("second"));
    await until(async () => (await on.status("second")).lifecycle === "Live", { timeoutMs: 20_000 });
    await live(on, "iris");
    expect(Number((await db.pool.query("SELECT value FROM epoch")).rows[0].value)).toBeGreaterThan(1);
  }, 30_000);
});
