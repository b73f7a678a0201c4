import { systemClock } from "@slipway/service-kit";
import { createContext } from "./commands/context.ts";
import { cliConfig } from "./config.ts";
import { runProgram } from "./program.ts";
import { createTerminal } from "./terminal/terminal.ts";

// biome-ignore lint/style/noProcessEnv: the one place where this process reads its environment
const config = cliConfig(process.env, process.cwd());
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
const terminal = createTerminal(
  { input: process.stdin, output: process.stdout, messages: process.stderr },
  { noColour: config.noColour },
);
const context = createContext({
  config,
  terminal,
  clock: systemClock,
  signal: interrupted.signal,
  workingDir: process.cwd(),
});
process.exitCode = await runProgram(context, process.argv.slice(2));
