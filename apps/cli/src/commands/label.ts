import { resourceView } from "@slipway/contracts";
import { changeMany } from "../client/bulk.ts";
import { findTarget, kindOf, nameOf, targetPath } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Options = { group?: string; message?: string };

/** `label KIND NAME... KEY=VALUE KEY-` */
export function labelCommand(context: CommandContext) {
  return verb("label <kind> <words...>", "Give labels to objects, or take them away", [
    "label deployment iris team=growth",
    "label deployments iris digits team=growth stage-",
  ])
    .description(
      "Give labels to objects, or take them away. The words are names of objects, labels to give (team=growth) and labels to take away (stage-).",
    )
    .option("-m, --message <text>", "why; kept in the activity")
    .addOption(groupOption())
    .action(async (kindWord: string, words: string[], { group, message }: Options) => {
      const kind = kindOf(kindWord);
      const { names, set, remove } = readWords(words);
      const [name] = names;
      if (name === undefined) throw failure("no_name_given", { kind });
      if (Object.keys(set).length + remove.length === 0) throw failure("no_label_given", {});
      if (names.length > 1) {
        return changeMany(context, { kind, names, group, action: "label", done: "labelled", set, remove, message });
      }
      const target = await findTarget(context.api(), kind, name, group);
      await context.api().call({
        method: "POST",
        path: targetPath(target, "labels"),
        query: { group: target.group },
        body: { set, remove, ...(message === undefined ? {} : { message }) },
        answer: resourceView,
      });
      context.terminal.print(`${nameOf(target)} labelled`);
    });
}

/** No name holds `=` or ends with `-`, so each word says what it is. */
function readWords(words: readonly string[]): { names: string[]; set: Record<string, string>; remove: string[] } {
  const isGiven = (word: string) => word.includes("=");
  const isTaken = (word: string) => !isGiven(word) && word.endsWith("-");
  return {
    names: words.filter((word) => !isGiven(word) && !isTaken(word)),
    set: Object.fromEntries(
      words.filter(isGiven).map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
    ),
    remove: words.filter(isTaken).map((word) => word.slice(0, -1)),
  };
}
