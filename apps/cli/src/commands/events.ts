import { eventView } from "@slipway/contracts";
import * as z from "zod";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

const events = z.object({ items: z.array(eventView) });

/** `events KIND NAME` */
export function eventsCommand(context: CommandContext) {
  return verb("events <kind> <name>", "Show what happened to an object", ["events deployment iris"])
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: { group?: string }) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { items } = await context.api().call({
        path: targetPath(target, "events"),
        query: { group: target.group },
        answer: events,
      });
      const { terminal } = context;
      if (items.length === 0) return terminal.note(`Nothing is recorded of ${nameOf(target)}.`);
      const lines = renderTable(
        [
          { title: "Last", cell: (row) => relativeTime(row.lastAt, context.clock.now()) },
          { title: "Times", cell: (row) => String(row.count), align: "right" },
          {
            title: "Reason",
            cell: (row) =>
              row.severity === "warning" ? { text: row.reason, paint: terminal.colours.yellow } : row.reason,
          },
          { title: "Message", cell: (row) => row.message },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}
