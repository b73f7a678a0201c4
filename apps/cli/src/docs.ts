// Writes docs/cli.md from the command tree; with --check only says whether it is up to date, by its exit code.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemClock } from "@slipway/service-kit";
import { createContext } from "./commands/context.ts";
import { CHECKOUT, cliConfig } from "./config.ts";
import { createProgram } from "./program.ts";
import { renderReference } from "./render-reference.ts";
import { createTerminal } from "./terminal/terminal.ts";

const page = join(CHECKOUT, "docs", "cli.md");
const context = createContext({
  config: cliConfig({}, CHECKOUT),
  terminal: createTerminal(
    { input: process.stdin, output: process.stdout, messages: process.stderr },
    { noColour: true },
  ),
  clock: systemClock,
  env: {},
  signal: new AbortController().signal,
  workingDir: CHECKOUT,
});
const text = renderReference(createProgram(context));
if (process.argv.includes("--check")) {
  if (readFileSync(page, "utf8") !== text) {
    context.terminal.note("docs/cli.md is out of date. Run: npm run generate");
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
}
