import { resourceView } from "@slipway/contracts";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";
import { readRevisions } from "./history.ts";

type Options = { group?: string; to?: number; message?: string };

/** `rollback KIND NAME [--to G]` */
export function rollbackCommand(context: CommandContext) {
  return verb("rollback <kind> <name>", "Bring back an earlier revision, as a new one", [
    "rollback deployment iris",
    "rollback deployment iris --to 2 --message 'the new model is worse'",
  ])
    .option("--to <revision>", "which one; else the one before the newest", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option("-m, --message <text>", "why; kept in the history")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const to = options.to ?? (await readRevisions(context.api(), target))[1]?.generation;
      if (to === undefined) throw failure("no_previous_revision", { kind: target.kind, name });
      const { metadata } = await context.api().call({
        method: "POST",
        path: targetPath(target, "rollback"),
        query: { group: target.group },
        body: { to, ...(options.message === undefined ? {} : { message: options.message }) },
        answer: resourceView,
      });
      context.terminal.print(`${nameOf(target)} rolled back to revision ${to}, as revision ${metadata.generation}`);
    });
}
