// npm run fuzz [-- OPTIONS]: seeded inputs against every reader and listener until one breaks an invariant. --help says more.
import { bootstrap } from "./bootstrap.mjs";
import { NODE } from "./lib/paths.mjs";
import { runToEnd } from "./lib/run-to-end.mjs";
import { runTool } from "./lib/steps.mjs";

await runTool(async () => {
  await bootstrap({ withConsole: false });
  return runToEnd(NODE, ["fuzz/src/main.ts", ...process.argv.slice(2)], {});
});
