import { LOG_LEVELS, type LogBar, logVolume } from "@slipway/contracts";
import { Option } from "commander";
import * as z from "zod";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

const LOG_TAIL_MAX = 1_000_000;
const VOLUME_BARS = 40;
const BAR_WIDTH = 40;
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
  volume?: true;
};

/** `logs KIND NAME` */
export function logsCommand(context: CommandContext) {
  return verb("logs <kind> <name>", "Show what the replicas of an object wrote", [
    "logs deployment iris --tail 50",
    "logs deployment iris --level error --since -1h",
    "logs deployment iris --previous",
    "logs deployment iris --volume --since -1h",
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
    .addOption(
      new Option("--volume", "how many lines there are over time, by severity, instead of the lines").conflicts(
        "follow",
      ),
    )
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { tail, replica, level, since, search } = options;
      const filter = {
        ...{ group: target.group, replica, level, since, search },
        run: options.previous === true ? "previous" : undefined,
        regex: options.regex === true ? "true" : undefined,
      };
      if (options.volume === true) {
        const path = targetPath(target, "log-volume");
        const volume = await context.api().call({ path, query: { ...filter, bars: VOLUME_BARS }, answer: logVolume });
        if (volume.count === 0) context.terminal.note(`${nameOf(target)} has no such lines.`);
        else printVolume(context, volume.bars);
        return;
      }
      const lines = context.api().lines({
        path: targetPath(target, "logs"),
        query: { ...filter, tail, follow: options.follow === true ? "true" : undefined },
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

/** A row for each stretch of time, with a bar as long as its share of the fullest one. */
function printVolume({ terminal }: CommandContext, bars: readonly LogBar[]): void {
  const linesOf = ({ debug, info, warn, error, unsaid }: LogBar) => debug + info + warn + error + unsaid;
  const most = Math.max(...bars.map(linesOf));
  const columns: Column<LogBar>[] = [
    { title: "From", cell: ({ atMs }) => new Date(atMs).toISOString() },
    { title: "Lines", cell: (bar) => String(linesOf(bar)), align: "right" },
    { title: "Warnings", cell: ({ warn }) => String(warn), align: "right" },
    { title: "Errors", cell: ({ error }) => String(error), align: "right" },
    { title: "", cell: (bar) => "#".repeat(Math.ceil((linesOf(bar) / most) * BAR_WIDTH)) },
  ];
  for (const line of renderTable(columns, bars, terminal.colours.dim)) terminal.print(line);
}
