#!/usr/bin/env node
// Runs on any Node from 20.19: finds the Node 24 that Slipway depends on and hands over to the command itself.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NEEDED_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));
const checkout = join(here, "..", "..", "..");
const main = join(here, "..", "src", "main.ts");
const bundledNode = join(checkout, "node_modules", "node", "bin", "node");
const installed = existsSync(join(checkout, "node_modules", "commander"));

if (!installed) {
  process.stderr.write(
    "slipway: its packages are not installed yet.\nRun `npm start` (it installs them and starts the platform) or `npm install` in the folder of Slipway, then try again.\n",
  );
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) {
  // What was compiled once need not be again; without the right to write there it simply is.
  module.enableCompileCache(join(checkout, ".cache", "compile"));
  await import(pathToFileURL(main).href);
} else if (existsSync(bundledNode)) {
  const child = spawn(bundledNode, [main, ...process.argv.slice(2)], {
    stdio: "inherit",
    // biome-ignore lint/style/noProcessEnv: the command gets the environment that it was called in
    env: { NODE_COMPILE_CACHE: join(checkout, ".cache", "compile"), ...process.env },
  });
  // The terminal signals the whole group, so the child decides what an interrupt means; a kill of this process is passed on.
  process.on("SIGINT", () => {});
  for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  child.on("error", (error) => {
    process.stderr.write(`slipway: Node ${NEEDED_MAJOR} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
  });
} else {
  process.stderr.write(
    `slipway: needs Node ${NEEDED_MAJOR}, which comes with its packages, but that one is missing and this is Node ${process.versions.node}.\nIts install script was probably skipped. Run \`npm rebuild node\` in the folder of Slipway, then try again.\n`,
  );
  process.exit(1);
}
