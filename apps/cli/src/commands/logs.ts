import { LOG_LEVELS } from "@slipway/contracts";
import { Option } from "commander";
import * as z from "zod";
import { findTarget, targetPath } from "../client/resources.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

const LOG_TAIL_MAX = 1_000_000;
const logLine = z.object({ source: z.string(), atMs: z.number(), text: z.string(), isContinued: z.boolean() });

type Options = {
  group?: string;
  tail: number;
  follow?: true;
  replica?: string;
  previous?: true;
  level?: string;
  since?: string;
  search?: string;
  regex?: true;
};

/** `logs KIND NAME` */
export function logsCommand(context: CommandContext) {
  return verb("logs <kind> <name>", "Show what the replicas of an object wrote", [
    "logs deployment iris --tail 50",
    "logs deployment iris --level error --since -1h",
    "logs deployment iris --previous",
    "logs server onnx --group platform --follow",
  ])
    .option("--tail <lines>", "how many lines before the end to begin with", wholeNumber(0, LOG_TAIL_MAX), 100)
    .option("-f, --follow", "go on with new lines until interrupted")
    .option("--replica <names>", "only of these replicas, with commas, such as onnx-0")
    .option("--previous", "of the run before the current one of each model server, to see why it ended")
    .addOption(new Option("--level <level>", "the least severity").choices(LOG_LEVELS))
    .option("--since <time>", "from an ISO time on, or back from now: -15m, -2h, -7d")
    .option("--search <text>", "only lines in which this is found, whatever the case")
    .option("--regex", "take what is looked for as a regular expression")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { tail, replica, level, since, search } = options;
      const lines = context.api().lines({
        path: targetPath(target, "logs"),
        query: {
          ...{ group: target.group, tail, replica, level, since, search },
          follow: options.follow === true ? "true" : undefined,
          run: options.previous === true ? "previous" : undefined,
          regex: options.regex === true ? "true" : undefined,
        },
        answer: logLine,
      });
      const { terminal } = context;
      let pieces = "";
      for await (const { source, atMs, text, isContinued } of lines) {
        pieces += text;
        if (isContinued) continue;
        const at = atMs === 0 ? "" : `${new Date(atMs).toISOString()} `;
        terminal.print(`${terminal.colours.dim(`${at}${source}`)} ${pieces}`);
        pieces = "";
      }
    });
}
