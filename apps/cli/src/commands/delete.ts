import { resourceView } from "@slipway/contracts";
import { findTarget, nameOf, readResource, targetPath } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Options = { group?: string; yes?: true };

/** `delete KIND NAME [--yes]` */
export function deleteCommand(context: CommandContext) {
  return verb("delete <kind> <name>", "Delete an object; what it serves ends", [
    "delete deployment iris",
    "delete deployment iris --yes",
  ])
    .description(
      "Delete an object; what it serves ends. On a terminal it asks for the name first; elsewhere it needs --yes.",
    )
    .option("-y, --yes", "do not ask")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { metadata, status } = await readResource(context.api(), target);
      if (options.yes !== true) {
        if (!context.terminal.isInteractive) throw failure("name_not_typed", { kind: target.kind, name });
        const effect = status.traffic === "None" ? "" : " It answers requests now; they will fail.";
        context.terminal.note(`This deletes ${nameOf(target)} of group ${target.group}.${effect}`);
        const typed = await context.terminal.ask("Type its name to delete it: ", context.signal);
        if (typed.trim() !== name) throw failure("not_confirmed", { kind: target.kind, name });
      }
      await context.api().call({
        method: "DELETE",
        path: targetPath(target),
        query: { group: target.group, uid: metadata.uid, version: metadata.version },
        answer: resourceView,
      });
      context.terminal.print(`${nameOf(target)} deleted`);
    });
}
