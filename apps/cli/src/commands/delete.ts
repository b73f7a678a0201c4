import { type KindName, type ResourceView, resourceView } from "@slipway/contracts";
import { changeMany } from "../client/bulk.ts";
import { findTarget, kindOf, nameOf, readResource, targetPath } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Options = { group?: string; yes?: true };

/** `delete KIND NAME... [--yes]` */
export function deleteCommand(context: CommandContext) {
  return verb("delete <kind> <names...>", "Delete objects; what they serve ends", [
    "delete deployment iris",
    "delete deployment iris --yes",
    "delete deployments iris digits",
  ])
    .description(
      "Delete objects; what they serve ends. On a terminal it asks for the name first, or for how many there are; elsewhere it needs --yes.",
    )
    .option("-y, --yes", "do not ask")
    .addOption(groupOption())
    .action(async (kindWord: string, names: string[], options: Options) => {
      const kind = kindOf(kindWord);
      const [name] = names;
      if (names.length > 1 || name === undefined) return deleteMany(context, kind, names, options);
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

/** What was read before the question is what is deleted: one that changed meanwhile is refused. */
async function deleteMany(
  context: CommandContext,
  kind: KindName,
  names: readonly string[],
  { group, yes }: Options,
): Promise<void> {
  const { terminal } = context;
  const found: ResourceView[] = [];
  for (const name of names) {
    found.push(await readResource(context.api(), await findTarget(context.api(), kind, name, group)));
  }
  if (yes !== true) {
    const all = names.join(", ");
    if (!terminal.isInteractive) throw failure("name_not_typed", { kind, name: all });
    const serving = found.filter(({ status }) => status.traffic !== "None").map(({ metadata }) => metadata.name);
    const effect = serving.length === 0 ? "" : ` Requests to ${serving.join(", ")} will fail.`;
    terminal.note(`This deletes ${names.length} ${kind.toLowerCase()}s: ${all}.${effect}`);
    const typed = await terminal.ask("Type how many they are to delete them: ", context.signal);
    if (typed.trim() !== String(names.length)) throw failure("not_confirmed", { kind, name: all });
  }
  const expected = new Map(found.map(({ metadata: { name, uid, version } }) => [name, { uid, version }]));
  await changeMany(context, { kind, names, group, action: "delete", done: "deleted", expected });
}
