// npm start: makes the checkout ready and runs the platform until Ctrl-C.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { CACHE, NODE, QUIET_ENVIRONMENT, ROOT } from "./lib/paths.mjs";
import { runTool } from "./lib/steps.mjs";

/** npm does not reach us when it is ended by a signal: the shell between it and us takes that. So its end is looked for. @param {() => void} end */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 250);
  timer.unref();
}

await runTool(async () => {
  await bootstrap({ withConsole: process.env.SLIPWAY_CONSOLE_UI !== "0" });
  const child = spawn(NODE, [join(ROOT, "apps", "cli", "src", "main.ts"), "up", ...process.argv.slice(2)], {
    stdio: "inherit",
    env: {
      ...process.env,
      ...QUIET_ENVIRONMENT,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(CACHE, "compile"),
    },
  });
  // A Ctrl-C at a terminal reaches the child twice, by the terminal and from here; it takes the second for the first.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
});
