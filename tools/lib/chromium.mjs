import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findFiles } from "./files.mjs";
import { ROOT } from "./paths.mjs";
import { run } from "./run.mjs";
import { step } from "./steps.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Whether any walk drives a browser; before that nothing is installed for one. */
export function testsUseBrowser() {
  return findFiles(ROOT, /\.ts$/, "e2e").some((file) =>
    /from "playwright-core"/.test(readFileSync(join(ROOT, file), "utf8")),
  );
}

/** @param {string} path */
function starts(path) {
  try {
    accessSync(path, constants.X_OK);
    execFileSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

function onPath() {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const found = NAMES.map((name) => join(folder, name)).find(starts);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * A Chromium for the tests: the one that CHROMIUM_PATH names, the system's, or as root the distribution's package.
 * @returns {Promise<{ path: string } | { missing: string, couldInstall: boolean }>}
 */
export async function provideChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named)
    return starts(named)
      ? { path: named }
      : { missing: `CHROMIUM_PATH names ${named}, which does not start`, couldInstall: true };
  const found = onPath();
  if (found !== null) return { path: found };
  if (process.getuid?.() !== 0) {
    return {
      missing: "no chromium on PATH, and only root can install it",
      couldInstall: false,
    };
  }
  let output = "";
  await step("Installed chromium from the distribution's packages", async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-q"], { env, timeoutMs: 180_000 }).catch(() => undefined);
    const words = ["install", "-y", "-q", "--no-install-recommends", "chromium"];
    ({ output } = await run("apt-get", words, { env, timeoutMs: 600_000 }).catch((error) => ({
      output: String(error),
      code: 1,
    })));
  });
  const installed = onPath();
  if (installed !== null) return { path: installed };
  return {
    missing: `apt-get could not install chromium: ${output.trimEnd().split("\n").at(-1)}`,
    couldInstall: !output.includes("ENOENT"),
  };
}
