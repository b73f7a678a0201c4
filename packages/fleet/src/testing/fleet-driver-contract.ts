import type { LogPage, LogPlace } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FleetDriver, FleetEvent, ReplicaKey, ReplicaSpec, RunningReplica } from "../driver.ts";
import { replicaId } from "../driver.ts";

/** What a driver's own test provides so that the contract can be tried on it. */
export type FleetHarness = {
  /** A driver on the same fleet; a second call is the next leader's. */
  driver(): FleetDriver;
  /** Takes an agent's process away without a word. */
  kill(agentPid: number): void;
  isRunning(pid: number): boolean;
  dispose(): Promise<void>;
};

const WAIT_MS = 10_000;

/** What every fleet driver promises; run inside a `describe` of the adapter. */
export function fleetDriverContract(createHarness: () => Promise<FleetHarness>): void {
  let harness: FleetHarness;
  let driver: FleetDriver;
  const forever = new AbortController().signal;

  beforeEach(async () => {
    harness = await createHarness();
    driver = harness.driver();
  });
  afterEach(async () => {
    await driver.release();
    await harness.dispose();
  });

  const spec = (overrides: Partial<ReplicaSpec> = {}): ReplicaSpec => ({
    group: "platform",
    server: "onnx",
    replica: 0,
    runtime: "onnx",
    capabilities: ["onnx"],
    memoryBytes: 2 ** 30,
    ...overrides,
  });
  const find = async (wanted: ReplicaSpec): Promise<RunningReplica | undefined> =>
    (await driver.list()).find((replica) => replicaId(replica.spec) === replicaId(wanted));
  const complete = (wanted: ReplicaSpec) =>
    until(async () => {
      const { agentPid, modelServerPid } = (await find(wanted)) ?? { agentPid: null, modelServerPid: null };
      return agentPid === null || modelServerPid === null ? null : { agentPid, modelServerPid };
    });

  test("a started replica exists, and starting it again changes nothing", async () => {
    await driver.start(spec(), forever);
    const first = await complete(spec());
    await driver.start(spec(), forever);
    expect(await complete(spec())).toEqual(first);
    expect(await driver.list()).toHaveLength(1);
  });

  test("an agent that dies comes back, and its model server is the same one", async () => {
    const events: FleetEvent[] = [];
    driver.watch((event) => events.push(event));
    await driver.start(spec(), forever);
    const before = await complete(spec());
    harness.kill(before.agentPid);
    const after = await until(async () => {
      const now = await find(spec());
      return now?.agentPid === null || now?.agentPid === before.agentPid ? null : now;
    });
    expect(after?.modelServerPid).toBe(before.modelServerPid);
    expect(events.map(({ kind }) => kind)).toEqual(["started", "exited", "started"]);
  });

  test("a released fleet runs on and the next driver adopts it", async () => {
    await driver.start(spec(), forever);
    const before = await complete(spec());
    await driver.release();
    expect(harness.isRunning(before.agentPid)).toBe(true);
    driver = harness.driver();
    const events: FleetEvent[] = [];
    driver.watch((event) => events.push(event));
    await driver.start(spec(), forever);
    expect(await complete(spec())).toEqual(before);
    expect(events).toMatchObject([{ kind: "started", adopted: true, pid: before.agentPid }]);
  });

  test("a replica with another spec gets a new agent and keeps its model server", async () => {
    await driver.start(spec(), forever);
    const before = await complete(spec());
    await driver.start(spec({ memoryBytes: 2 ** 31 }), forever);
    const after = await complete(spec());
    expect(after.agentPid).not.toBe(before.agentPid);
    expect(after.modelServerPid).toBe(before.modelServerPid);
    expect((await find(spec()))?.spec.memoryBytes).toBe(2 ** 31);
  });

  test("stop removes the named replica with all its processes and no other", async () => {
    await driver.start(spec({ replica: 0 }), forever);
    await driver.start(spec({ replica: 1 }), forever);
    const gone = await complete(spec({ replica: 0 }));
    const kept = await complete(spec({ replica: 1 }));
    await driver.stop(spec({ replica: 0 }), forever);
    expect([gone.agentPid, gone.modelServerPid].map(harness.isRunning)).toEqual([false, false]);
    expect(await complete(spec({ replica: 1 }))).toEqual(kept);
    expect(await driver.list()).toHaveLength(1);
    await driver.stop(spec({ replica: 0 }), forever);
  });

  test("stop ends the model server of an agent that is down", async () => {
    await driver.start(spec(), forever);
    const { agentPid, modelServerPid } = await complete(spec());
    await driver.release();
    harness.kill(agentPid);
    await until(async () => !harness.isRunning(agentPid) || null);
    driver = harness.driver();
    await driver.stop(spec(), forever);
    expect(harness.isRunning(modelServerPid)).toBe(false);
  });

  test("an old leader does not bring back what a newer one removed", async () => {
    await driver.start(spec(), forever);
    const { agentPid } = await complete(spec());
    const newer = harness.driver();
    const exited = new Promise<FleetEvent>((resolve) => {
      driver.watch((event) => event.kind === "exited" && resolve(event));
    });
    await newer.stop(spec(), forever);
    await exited;
    // A replica that is started now comes up after the one that the old leader would have brought back.
    await driver.start(spec({ replica: 9 }), forever);
    await complete(spec({ replica: 9 }));
    expect(await find(spec())).toBeUndefined();
    expect(harness.isRunning(agentPid)).toBe(false);
    await newer.release();
  });

  test("servers of two groups may have one name", async () => {
    await driver.start(spec({ group: "platform" }), forever);
    await driver.start(spec({ group: "team" }), forever);
    await complete(spec({ group: "platform" }));
    await complete(spec({ group: "team" }));
    const names = (await driver.list()).map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names).toContain("agent-onnx-0");
  });

  test("logs are readable while a replica runs and after it is gone, each line once", async () => {
    await driver.start(spec(), forever);
    await complete(spec());
    const first = await until(async () => {
      const page = await readAllLogs(driver, [spec()]);
      return page.lines.length > 1 ? page : null;
    });
    await driver.stop(spec(), forever);
    const { lines } = await readAllLogs(driver, [spec()], { after: first.newer });
    expect(lines.map(({ text }) => String(JSON.parse(text).msg))).toEqual(["stub agent stops"]);
    const all = await readAllLogs(driver, [spec()]);
    expect(all.lines).toEqual([...first.lines, ...lines]);
    expect(all.lines[0]).toMatchObject({ source: "agent-onnx-0", replica: "onnx-0", atMs: expect.any(Number) });
    expect(await driver.replicasWithLogs()).toContainEqual({ group: "platform", server: "onnx", replica: 0 });
  });

  test("the end of an agent stands in its log with how it came, ahead of what the next one writes", async () => {
    await driver.start(spec(), forever);
    const before = await complete(spec());
    harness.kill(before.agentPid);
    const told = await until(async () => {
      const { lines } = await readAllLogs(driver, [spec()]);
      const messages = lines.map(({ text }) => String(JSON.parse(text).msg));
      return messages.filter((message) => message === "stub agent started").length === 2 ? messages : null;
    });
    const start = ["A new run begins.", "stub agent started"];
    expect(told).toEqual([...start, "The run ended: by signal SIGKILL.", ...start]);
  });

  test("capacity is that of a real machine", async () => {
    const { memoryBytes, freeMemoryBytes, cpus } = await driver.capacity();
    expect(memoryBytes).toBeGreaterThan(0);
    expect(freeMemoryBytes).toBeLessThanOrEqual(memoryBytes);
    expect(cpus).toBeGreaterThan(0);
  });
}

/** A page of all that the replicas' processes wrote, from the oldest line on unless said. */
export async function readAllLogs(
  driver: FleetDriver,
  keys: readonly ReplicaKey[],
  place: LogPlace = { at: "oldest" },
): Promise<LogPage> {
  const replicas = keys.map(({ group, server, replica }) => ({
    key: { group, server, replica },
    ...{ isHere: true, isShared: false },
  }));
  const query = { want: "page", filter: {}, place, limit: 1_000 } as const;
  const answer = await driver.readLogs({ replicas, modelUids: null }, query, new AbortController().signal);
  if (answer.is !== "page") throw new Error("asked for a page of lines");
  return answer.page;
}

export async function until<Value>(look: () => Promise<Value | null>): Promise<Value> {
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    const value = await look();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the condition did not come true within ${WAIT_MS} ms`);
}
