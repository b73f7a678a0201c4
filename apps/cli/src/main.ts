import { systemClock } from "@slipway/service-kit";
import { createContext } from "./commands/context.ts";
import { cliConfig } from "./config.ts";
import { runProgram } from "./program.ts";
import { createTerminal } from "./terminal/terminal.ts";

// biome-ignore lint/style/noProcessEnv: the one place where this process reads its environment
const env = process.env;
const config = cliConfig(env, process.cwd());
const interrupted = new AbortController();
// A terminal and npm may both send it, so a second one means no more than the first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
const terminal = createTerminal(
  { input: process.stdin, output: process.stdout, messages: process.stderr },
  // A reader that has left, such as `head`, wants no more.
  { noColour: config.noColour, onBroken: () => process.exit() },
);
const context = createContext({
  config,
  terminal,
  clock: systemClock,
  env,
  signal: interrupted.signal,
  workingDir: process.cwd(),
});
process.exitCode = await runProgram(context, process.argv.slice(2));
// What a library left to wait for (a timer of the migrations' engine) must not keep the terminal; all output is written by now.
setTimeout(() => process.exit(), 100).unref();
