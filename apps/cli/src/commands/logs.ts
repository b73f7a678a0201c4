import * as z from "zod";
import { findTarget, targetPath } from "../client/resources.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

const LOG_TAIL_MAX = 10_000;
const logLine = z.object({ source: z.string(), atMs: z.number(), text: z.string() });

type Options = { group?: string; tail: number; follow?: true };

/** `logs KIND NAME` */
export function logsCommand(context: CommandContext) {
  return verb("logs <kind> <name>", "Show what the replicas of an object wrote", [
    "logs deployment iris --tail 50",
    "logs server onnx --group platform --follow",
  ])
    .option("--tail <lines>", "how many lines before the end to begin with", wholeNumber(0, LOG_TAIL_MAX), 100)
    .option("-f, --follow", "go on with new lines until interrupted")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const lines = context.api().lines({
        path: targetPath(target, "logs"),
        query: { group: target.group, tail: options.tail, follow: options.follow === true ? "true" : undefined },
        answer: logLine,
      });
      const { terminal } = context;
      for await (const { source, atMs, text } of lines) {
        const at = atMs === 0 ? "" : `${new Date(atMs).toISOString()} `;
        terminal.print(`${terminal.colours.dim(`${at}${source}`)} ${text}`);
      }
    });
}
