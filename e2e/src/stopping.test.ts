import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT, ownProcesses } from "@slipway/platform";
import { dataDirLayout, isRunning, processIdentity, signalProcess } from "@slipway/service-kit";
import { until } from "@slipway/testkit";
import { afterEach, expect, test } from "vitest";

const layout = dataDirLayout(mkdtempSync(join(tmpdir(), "slipway-stopping-")));
let npm: ChildProcess | null = null;

afterEach(() => {
  for (const left of ownProcesses(layout)) signalProcess(left, "SIGKILL", { group: false });
  if (npm?.pid !== undefined && npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid, "SIGKILL");
  rmSync(layout.root, { recursive: true, force: true });
});

/** `npm start &` of a script: npm leads a group, and what a shell starts in the background ignores SIGINT from birth. */
async function startInBackground() {
  // biome-ignore lint/style/noProcessEnv: npm needs the environment that a terminal gives it
  const { PATH, HOME } = process.env;
  const child = spawn("sh", ["-c", "trap '' INT; exec npm start"], {
    cwd: CHECKOUT,
    detached: true,
    stdio: "ignore",
    env: {
      ...{ NODE_ENV: "production", PATH, HOME, SLIPWAY_DATA_DIR: layout.root, SLIPWAY_CONSOLE_UI: "0" },
      ...{ SLIPWAY_CONSOLE_PORT: "0", SLIPWAY_GATEWAY_PORT: "0", SLIPWAY_GATEWAY_GRPC_PORT: "0" },
    },
  });
  npm = child;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const supervisor = await until(() => processIdentity.parse(JSON.parse(readFileSync(layout.lockFile, "utf8"))), {
    timeoutMs: 90_000,
    what: "the supervisor runs",
  });
  if (child.pid === undefined) throw new Error("npm did not start");
  return { npm: child.pid, supervisor, ended };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  for (const receiver of ["npm", "npm's group", "the supervisor"] as const) {
    test(`${signal} to ${receiver} stops a start in the background with all that it began`, async () => {
      const started = await startInBackground();
      const pid = { npm: started.npm, "npm's group": -started.npm, "the supervisor": started.supervisor.pid }[receiver];
      process.kill(pid, signal);
      await started.ended;
      await until(() => !isRunning(started.supervisor) && ownProcesses(layout).length === 0, { timeoutMs: 60_000 });
      expect(() => readFileSync(layout.lockFile)).toThrow(/ENOENT/);
    }, 180_000);
  }
}
