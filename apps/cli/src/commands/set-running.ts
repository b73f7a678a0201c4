import { resourceView } from "@slipway/contracts";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

const VERBS = {
  stop: {
    summary: "Stop a deployment: no replica serves it and its memory is free",
    done: "is stopping",
  },
  start: {
    summary: "Start a deployment that was stopped",
    done: "is starting",
  },
} as const;

/** `stop KIND NAME` and `start KIND NAME` */
export function setRunningCommand(context: CommandContext, wanted: keyof typeof VERBS) {
  const { summary, done } = VERBS[wanted];
  return verb(`${wanted} <kind> <name>`, summary, [`${wanted} deployment iris`])
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: { group?: string }) => {
      const target = await findTarget(context.api(), kind, name, options.group);
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
