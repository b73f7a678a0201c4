import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NODE, ROOT } from "./paths.mjs";
import { run, tail } from "./run.mjs";
import { hashOf, readStamp, writeStamp } from "./stamps.mjs";
import { StepError, say, step } from "./steps.mjs";

const CONSOLE = "apps/console";

/** Folders of the console and of every workspace that it is made of. */
function inputs() {
  const folders = new Set([CONSOLE]);
  for (const folder of folders) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith("@slipway/")) folders.add(`packages/${name.slice("@slipway/".length)}`);
    }
  }
  return [...folders, "prisma/schema", "proto", "tsconfig.json", "node_modules/next/package.json"];
}

/** Builds the console's pages, where anything that they are made of changed. */
export async function buildConsole() {
  const isNextApp = readdirSync(join(ROOT, CONSOLE)).some((name) => name.startsWith("next.config."));
  if (!isNextApp) return;
  await step("Built the console", async () => {
    const wanted = hashOf(inputs());
    if (readStamp("build-console") === wanted && existsSync(join(ROOT, CONSOLE, ".next", "BUILD_ID")))
      return "unchanged";
    say("Building the console …");
    const { code, output } = await run(NODE, ["node_modules/next/dist/bin/next", "build", CONSOLE], {
      env: { NODE_ENV: "production" },
      timeoutMs: 600_000,
    });
    if (code !== 0) {
      throw new StepError(
        `The console could not be built:\n${tail(output)}`,
        "check that 2 GB of memory are free; start again to repeat only this step.",
      );
    }
    writeStamp("build-console", wanted);
  });
}
