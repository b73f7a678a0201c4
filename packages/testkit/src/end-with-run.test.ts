import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning, processIdentity } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { until } from "./until.ts";

test("a service of a run that is killed ends, and its folder goes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-end-with-run-"));
  const program = `
    import { spawn } from "node:child_process";
    import { identify } from "@slipway/service-kit";
    import { endWithRun } from ${JSON.stringify(join(import.meta.dirname, "end-with-run.ts"))};
    const service = identify(spawn("sleep", ["600"], { detached: true, stdio: "ignore" }).pid);
    endWithRun(service, "TERM", process.argv[1]);
    console.log(JSON.stringify(service));
    setInterval(() => {}, 1000);`;
  const run = spawn(process.execPath, ["--input-type=module", "-e", program, folder], { cwd: import.meta.dirname });
  const service = await new Promise<unknown>((resolve) =>
    run.stdout.once("data", (text) => resolve(JSON.parse(String(text)))),
  );
  const identity = processIdentity.parse(service);
  expect(isRunning(identity)).toBe(true);
  run.kill("SIGKILL");
  await until(() => !isRunning(identity) && !existsSync(folder));
});
