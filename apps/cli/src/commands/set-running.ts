import { findKind, type KindName, resourceView } from "@slipway/contracts";
import { changeMany } from "../client/bulk.ts";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

const VERBS = {
  stop: {
    summary: "Stop deployments: no replica serves them and their memory is free",
    done: "is stopping",
  },
  start: {
    summary: "Start deployments that were stopped",
    done: "is starting",
  },
} as const;

/** `stop [KIND] NAME...` and `start [KIND] NAME...` */
export function setRunningCommand(context: CommandContext, wanted: keyof typeof VERBS) {
  const { summary, done } = VERBS[wanted];
  const examples = [`${wanted} deployment iris`, `${wanted} iris digits fraud`];
  return verb(`${wanted} <kind-or-name> [names...]`, summary, examples)
    .addOption(groupOption())
    .action(async (first: string, rest: string[], { group }: { group?: string }) => {
      const { kind, names } = readNames(first, rest);
      const [name] = names;
      if (names.length > 1 || name === undefined) {
        return changeMany(context, { kind, names, group, action: wanted, done });
      }
      const target = await findTarget(context.api(), kind, name, group);
      await context.api().call({
        method: "POST",
        path: targetPath(target, wanted),
        query: { group: target.group },
        body: {},
        answer: resourceView,
      });
      context.terminal.print(`${nameOf(target)} ${done}`);
    });
}

/** The first word is a kind where others follow; all of them are deployments' names where it is none. */
function readNames(first: string, rest: readonly string[]): { kind: KindName; names: readonly string[] } {
  const kind = rest.length === 0 ? null : findKind(first);
  return kind === null ? { kind: "Deployment", names: [first, ...rest] } : { kind, names: rest };
}
