import { explainView, formatMemory } from "@slipway/contracts";
import { findTarget, targetPath } from "../client/resources.ts";
import { type Cell, renderTable } from "../terminal/table.ts";
import type { Colours } from "../terminal/terminal.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Verdict = "chosen" | "possible" | "rejected";

/** `explain KIND NAME` */
export function explainCommand(context: CommandContext) {
  return verb("explain <kind> <name>", "Say why an object is where it is, or why it is nowhere", [
    "explain deployment iris",
  ])
    .option("-o, --output <format>", "json for programs")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: { group?: string; output?: string }) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const view = await context.api().call({
        path: targetPath(target, "explain"),
        query: { group: target.group },
        answer: explainView,
      });
      const { terminal } = context;
      if (options.output === "json") return terminal.print(JSON.stringify(view, null, 2));
      terminal.print(view.summary);
      terminal.print(
        `It needs ${formatMemory(view.neededBytes)} on each of ${view.wanted} replica${view.wanted === 1 ? "" : "s"}; ${view.placed} ${view.placed === 1 ? "is" : "are"} placed.`,
      );
      if (view.servers.length === 0) return;
      const rows = view.servers.flatMap(({ replicas, ...server }) => [
        { where: server.server, verdict: server.verdict, free: "", reason: server.reason },
        ...replicas.map((one) => ({
          where: `  replica ${one.replica}`,
          verdict: one.verdict,
          free: formatMemory(one.freeBytes),
          reason: one.reason,
        })),
      ]);
      terminal.print("");
      const lines = renderTable(
        [
          { title: "Server", cell: (row) => row.where },
          { title: "Verdict", cell: (row) => verdictCell(row.verdict, terminal.colours) },
          { title: "Free", cell: (row) => row.free, align: "right" },
          { title: "Why", cell: (row) => row.reason },
        ],
        rows,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}

function verdictCell(verdict: Verdict, colours: Colours): Cell {
  switch (verdict) {
    case "chosen":
      return { text: "holds it", paint: colours.green };
    case "possible":
      return { text: "could hold it", paint: colours.cyan };
    case "rejected":
      return { text: "cannot", paint: colours.yellow };
    default:
      return verdict satisfies never;
  }
}
