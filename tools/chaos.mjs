// npm run chaos [-- OPTIONS]: ends, freezes and starves every part of a platform of its own under load. --help says more.
import { bootstrap } from "./bootstrap.mjs";
import { NODE } from "./lib/paths.mjs";
import { runToEnd } from "./lib/run-to-end.mjs";
import { runTool } from "./lib/steps.mjs";

await runTool(async () => {
  await bootstrap({ withConsole: false });
  return runToEnd(NODE, ["e2e/src/chaos/main.ts", ...process.argv.slice(2)], {});
});
