import { join } from "node:path";
import { buildConsole } from "./lib/build-console.mjs";
import { withFileLock } from "./lib/file-lock.mjs";
import { generateCode } from "./lib/generate-code.mjs";
import { checkNode, installPackages } from "./lib/install.mjs";
import { CACHE } from "./lib/paths.mjs";
import { say } from "./lib/steps.mjs";

/**
 * Makes a checkout ready to run: packages, generated code and, when asked, the console's pages. Each step is done only when
 * what it depends on changed, and is noted only when it succeeded, so an interrupted run goes on where it stopped.
 * Two at once take turns.
 * @param {{ withConsole: boolean }} options
 */
export async function bootstrap({ withConsole }) {
  checkNode();
  await withFileLock(
    join(CACHE, "bootstrap.lock"),
    async () => {
      await installPackages();
      await generateCode();
      if (withConsole) await buildConsole();
    },
    (pid) => say(`Another set-up of this checkout is under way (process ${pid}); waiting for it …`),
  );
}
