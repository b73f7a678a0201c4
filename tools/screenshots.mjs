// npm run screenshots [-- FILE …]: draws every page and state in light and dark at three widths into screenshots/.
import { bootstrap } from "./bootstrap.mjs";
import { provideChromium } from "./lib/chromium.mjs";
import { NODE } from "./lib/paths.mjs";
import { runToEnd } from "./lib/run-to-end.mjs";
import { runTool, say } from "./lib/steps.mjs";

/** What the tests that draw pages promise; they are the ones that are run. */
const DRAWS = "in light and dark at every width";

await runTool(async () => {
  await bootstrap({ withConsole: true });
  const chromium = await provideChromium();
  if (!("path" in chromium)) {
    say(`No page can be drawn: ${chromium.missing}`);
    return 1;
  }
  const files = process.argv.slice(2);
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "platform", "-t", DRAWS, ...files];
  const code = await runToEnd(NODE, args, { CHROMIUM_PATH: chromium.path });
  say("The pictures are in screenshots/.");
  return code;
});
