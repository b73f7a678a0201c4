import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { countingModel } from "@slipway/onnx-file/testing/models";
import { dataDirLayout, readProcessRecord, signalProcess, systemClock } from "@slipway/service-kit";
import { type TestPlatform, until } from "@slipway/testkit";
import { callOnce } from "../caller.ts";
import { type ExampleName, isSettled, untilState } from "../examples.ts";

/** What callers may see of a fault: nothing, or a gap that ends by itself. Never a wrong answer. */
export type Allowed = "no failure" | "a gap";

export type Fault = {
  name: string;
  promise: Allowed;
  /** The gap that is aimed at, where callers may see one. */
  aimMs?: number;
  /** Fills the data directory's file system, so it wants a small one of its own. */
  fillsDisk?: boolean;
  /** What must be so before callers are counted. */
  prepare?(platform: TestPlatform): Promise<void>;
  /** Does it, and resolves when it is over and everything that it hit runs again. */
  make(platform: TestPlatform): Promise<void>;
};

/** Whatever of these two ends or freezes is felt: one stands before every request, the other runs the models. */
const ON_THE_WAY = new Set(["gateway", "model-server-onnx-0"]);
export const PROCESSES = [
  "scheduler",
  "gateway",
  "console",
  "postgres",
  "agent-onnx-0",
  "model-server-onnx-0",
] as const;
const FROZEN_MS = 4_000;
const HUNG_MS = 8_000;
const FULL_MS = 8_000;
const BACK_MS = 60_000;
const AIM_MS = 1_000;
/** No gap at all, but for the time of a call. */
const ONE_OF_TWO_MS = 250;
/** The deployments that are called all the while. */
export const MODELS: readonly ExampleName[] = ["iris", "breast-cancer"];

const promiseOf = (names: readonly string[]): Pick<Fault, "promise" | "aimMs"> =>
  names.some((name) => ON_THE_WAY.has(name)) ? { promise: "a gap", aimMs: AIM_MS } : { promise: "no failure" };

function kill(names: readonly string[]): Fault {
  return {
    name: `kill ${names.join(" + ")}`,
    ...promiseOf(names),
    async make(platform) {
      const before = names.map((name) => ({ name, pid: platform.pidOf(name) }));
      for (const { name } of before) platform.kill9(name);
      for (const { name, pid } of before) {
        const isBack = () => platform.processes().some((one) => one.name === name && one.pid !== pid);
        await until(isBack, { timeoutMs: BACK_MS, everyMs: 20, what: `${name} runs again` });
      }
    },
  };
}

/** Its whole group, since what a database does it does in its children. */
function signalGroup(platform: TestPlatform, name: string, signal: NodeJS.Signals): void {
  const record = readProcessRecord(dataDirLayout(platform.dataDir).processes, name);
  if (record !== null) signalProcess(record, signal, { group: name === "postgres" });
}

function freeze(names: readonly string[]): Fault {
  const { promise } = promiseOf(names);
  return {
    name: `sigstop ${names.join(" + ")}`,
    promise,
    async make(platform) {
      for (const name of names) signalGroup(platform, name, "SIGSTOP");
      await systemClock.sleep(FROZEN_MS);
      // One that was found hung and ended meanwhile has a successor, which this does not touch.
      for (const name of names) signalGroup(platform, name, "SIGCONT");
    },
  };
}

/** The next start adopts agents and model servers, and starts the rest again, the gateway among it. */
const killSupervisor: Fault = {
  name: "kill supervisor",
  promise: "a gap",
  async make(platform) {
    platform.kill9("supervisor");
    await systemClock.sleep(2_000);
    await platform.start();
  },
};

function pairs(names: readonly string[]): string[][] {
  return names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
}

/** A model that counts as far as its caller says, told to count for years. */
function hungModel(folder: string): Fault {
  return {
    name: "hung model",
    promise: "no failure",
    async make(platform) {
      const path = join(folder, "counting.onnx");
      writeFileSync(path, countingModel());
      await platform.deploy("hung", path);
      const token = await platform.createToken("hung", "chaos");
      const url = `${platform.info.gatewayUrl}/serve/default/hung/v2/models/hung/infer`;
      const body = '{"inputs":[{"name":"x","shape":[],"datatype":"INT64","data":[9223372036854775807]}]}';
      const untilMs = systemClock.monotonicMs() + HUNG_MS;
      while (systemClock.monotonicMs() < untilMs) {
        await callOnce({ url, token, body });
        await systemClock.sleep(100);
      }
      await platform.api("DELETE", "/deployments/hung");
    },
  };
}

const fullDisk: Fault = {
  name: "full disk",
  promise: "no failure",
  fillsDisk: true,
  async make(platform) {
    const filler = join(platform.dataDir, "..", "filler");
    try {
      await fillUp(filler);
      await systemClock.sleep(FULL_MS / 2);
      const pid = platform.pidOf("agent-onnx-0");
      platform.kill9("agent-onnx-0");
      await systemClock.sleep(FULL_MS / 2);
      rmSync(filler, { force: true });
      const isBack = () => platform.processes().some((one) => one.name === "agent-onnx-0" && one.pid !== pid);
      await until(isBack, { timeoutMs: BACK_MS, everyMs: 50, what: "the agent runs again" });
    } finally {
      rmSync(filler, { force: true });
    }
  },
};

/** Writes until nothing more fits, in a program of its own, so that the callers here go on. */
async function fillUp(path: string): Promise<void> {
  const child = spawn("dd", ["if=/dev/zero", `of=${path}`, "bs=64k"], { stdio: "ignore" });
  await once(child, "exit");
}

/** Both deployments on two replicas each, so that one is always there. */
async function twoReplicas(platform: TestPlatform): Promise<void> {
  const scale = async (path: string) => {
    const { status, body } = await platform.api("POST", path, { replicas: 2, message: "one of two may end" });
    if (status !== 200) throw new Error(`scaling was refused: ${JSON.stringify(body)}`);
  };
  await scale("/servers/onnx/scale?group=platform");
  for (const name of MODELS) {
    await scale(`/deployments/${name}/scale`);
    await untilState(
      platform,
      name,
      (state) => isSettled(state) && state.status.replicas.ready === 2,
      "has two replicas",
    );
  }
}

/** What was in flight at the replica that ends is not repeated, for the model may have run; everything else is answered. */
function oneOfTwo(fault: Fault): Fault {
  return { ...fault, name: `${fault.name}, one of two`, promise: "a gap", aimMs: ONE_OF_TWO_MS, prepare: twoReplicas };
}

/** All there are; the short form leaves out the pairs. */
export function faults(folder: string, options: { isShort: boolean }): Fault[] {
  const sets = [...PROCESSES.map((name) => [name]), ...(options.isShort ? [] : pairs(PROCESSES))];
  const replicated = [kill(["model-server-onnx-0"]), freeze(["model-server-onnx-0"])].map(oneOfTwo);
  return [...sets.map(kill), killSupervisor, ...sets.map(freeze), hungModel(folder), ...replicated, fullDisk];
}
