import { DEFAULT_GROUP } from "@slipway/contracts";
import type { Clock } from "@slipway/service-kit";
import { Command, InvalidArgumentError, Option } from "commander";
import { type ApiClient, createApiClient } from "../client/api-client.ts";
import { readCredentials } from "../client/credentials.ts";
import type { CliConfig } from "../config.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What every command may use. */
export type CommandContext = {
  config: CliConfig;
  terminal: Terminal;
  clock: Clock;
  /** The environment that the command was called in; only `up` hands it on. */
  env: Readonly<Record<string, string | undefined>>;
  /** Ends when the person interrupts. */
  signal: AbortSignal;
  workingDir: string;
  /** The API with this machine's credential; throws when there is no platform. */
  api(): ApiClient;
};

/** A context whose API client is made when a command first asks for it. */
export function createContext(parts: Omit<CommandContext, "api">): CommandContext {
  let client: ApiClient | null = null;
  return {
    ...parts,
    api() {
      client ??= createApiClient(readCredentials(parts.config.dataDir), parts.signal);
      return client;
    },
  };
}

const EXAMPLES = new WeakMap<Command, readonly string[]>();

/** A verb with its examples, which the help and the reference page show. */
export function verb(signature: string, summary: string, examples: readonly string[]): Command {
  const command = new Command(signature.split(" ", 1)[0] ?? "").summary(summary).description(`${summary}.`);
  const args = signature.split(" ").slice(1).join(" ");
  if (args !== "") command.arguments(args);
  EXAMPLES.set(command, examples);
  return command.addHelpText(
    "after",
    `\nExamples:\n${examples.map((example) => `  $ npx slipway ${example}`).join("\n")}`,
  );
}

/** The examples that a verb was made with. */
export function examplesOf(command: Command): readonly string[] {
  return EXAMPLES.get(command) ?? [];
}

/** The option that says whose objects are meant. */
export function groupOption(): Option {
  return new Option("-n, --group <name>", `group that the object belongs to; else ${DEFAULT_GROUP}`);
}

/** Reads an option's value that must be a whole number in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
