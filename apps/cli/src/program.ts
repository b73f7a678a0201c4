import { Command, CommanderError } from "commander";
import { activityCommand } from "./commands/activity.ts";
import { applyCommand } from "./commands/apply.ts";
import type { CommandContext } from "./commands/context.ts";
import { deleteCommand } from "./commands/delete.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { eventsCommand } from "./commands/events.ts";
import { explainCommand } from "./commands/explain.ts";
import { fitCommand } from "./commands/fit.ts";
import { getCommand } from "./commands/get.ts";
import { groupsCommand } from "./commands/groups.ts";
import { historyCommand } from "./commands/history.ts";
import { inferCommand } from "./commands/infer.ts";
import { labelCommand } from "./commands/label.ts";
import { loginLinkCommand } from "./commands/login-link.ts";
import { logsCommand } from "./commands/logs.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { modelCommand } from "./commands/model.ts";
import { replicasCommand } from "./commands/replicas.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { scaleCommand } from "./commands/scale.ts";
import { setRunningCommand } from "./commands/set-running.ts";
import { tokenCommand } from "./commands/token.ts";
import { upCommand } from "./commands/up.ts";
import { waitCommand } from "./commands/wait.ts";
import { EXIT_CODES, exitCodeLines } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";

/** The whole command tree; nothing runs until it is given arguments. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("slipway")
    .description("Deploy machine-learning models and keep them served.")
    .usage("<verb> [arguments] [options]")
    .addHelpText(
      "after",
      `\nKinds are deployment, model and server, in any case, singular or plural.\n\nExit codes:\n${exitCodeLines().join("\n")}\n\nEach verb has examples: npx slipway <verb> --help`,
    );
  const verbs = [
    applyCommand(context),
    getCommand(context),
    waitCommand(context),
    inferCommand(context),
    explainCommand(context),
    fitCommand(context),
    replicasCommand(context),
    scaleCommand(context),
    setRunningCommand(context, "stop"),
    setRunningCommand(context, "start"),
    labelCommand(context),
    groupsCommand(context),
    historyCommand(context),
    diffCommand(context),
    rollbackCommand(context),
    eventsCommand(context),
    activityCommand(context),
    metricsCommand(context),
    logsCommand(context),
    deleteCommand(context),
    modelCommand(context),
    tokenCommand(context),
    loginLinkCommand(context),
    doctorCommand(context),
    upCommand(context),
  ];
  for (const verb of verbs) program.addCommand(verb);
  for (const command of allCommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError("(see --help)")
      .configureOutput({
        writeOut: (text) => context.terminal.write(text),
        writeErr: (text) => context.terminal.note(text.trimEnd()),
      });
  }
  return program;
}

/** A command and everything below it. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Runs one command line and returns its exit code; says what went wrong in words. */
export async function runProgram(context: CommandContext, args: readonly string[]): Promise<number> {
  try {
    await createProgram(context).parseAsync([...args], { from: "user" });
    return EXIT_CODES.done.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done.code : EXIT_CODES.badInput.code;
    if (context.signal.aborted) return EXIT_CODES.interrupted.code;
    if (!(error instanceof CommandFailure)) throw error;
    sayFailure(context, error);
    return error.exitCode;
  }
}

function sayFailure({ terminal }: CommandContext, failure: CommandFailure): void {
  const { noteColours } = terminal;
  terminal.note(`${noteColours.red("Error:")} ${failure.message}`);
  for (const { field, message } of failure.problems) {
    terminal.note(`  ${field === "" ? "" : `${noteColours.bold(field)} `}${message}`);
  }
  if (failure.check !== "") terminal.note(failure.check);
  if (failure.requestId !== undefined) terminal.note(noteColours.dim(`Request ${failure.requestId}`));
}
