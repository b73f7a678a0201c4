import type { Command } from "commander";
import { examplesOf } from "./commands/context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { allCommands } from "./program.ts";

/** The reference page of the command line in Markdown, made of the command tree itself. */
export function renderReference(program: Command): string {
  const verbs = allCommands(program).filter((command) => command !== program && command.commands.length === 0);
  const codes = Object.values(EXIT_CODES).map(({ code, means }) => `| ${code} | ${means} |`);
  return [
    "# The command line",
    "",
    "<!-- Made from apps/cli by `npm run generate`; change the commands, not this page. -->",
    "",
    "Run it from the checkout as `npx slipway <verb>`. It talks to the platform whose data lies in `SLIPWAY_DATA_DIR` (unset: `.slipway` in the checkout), over REST, with the credential that the platform wrote there for its owner.",
    "",
    "Kinds are `deployment`, `model` and `server`, in any case, singular or plural. Answers go to standard output and everything about them to standard error, so output can be piped. `NO_COLOR` turns colour off.",
    "",
    "## Exit codes",
    "",
    "| Code | Meaning |",
    "|---|---|",
    ...codes,
    ...verbs.flatMap((command) => ["", ...section(command)]),
    "",
  ].join("\n");
}

function section(command: Command): string[] {
  const path = pathOf(command);
  const args = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  const options = command.options.map(({ flags, description, defaultValue, argChoices }) => {
    const notes = [
      ...(argChoices === undefined ? [] : [`one of ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`]),
      ...(defaultValue === undefined ? [] : [`default \`${defaultValue}\``]),
    ];
    const meaning = [description, ...notes].join("; ").replaceAll("|", "\\|");
    return `| \`${flags}\` | ${meaning} |`;
  });
  return [
    `## ${path}`,
    "",
    `\`slipway ${[path, ...args].join(" ")}\``,
    "",
    command.description(),
    "",
    ...(options.length === 0 ? [] : ["| Option | Meaning |", "|---|---|", ...options, ""]),
    "```sh",
    ...examplesOf(command).map((example) => `npx slipway ${example}`),
    "```",
  ];
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
