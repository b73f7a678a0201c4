import { revisionView } from "@slipway/contracts";
import * as z from "zod";
import type { ApiClient } from "../client/api-client.ts";
import { findTarget, readResource, type Target, targetPath } from "../client/resources.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

const revisions = z.object({ items: z.array(revisionView) });

/** The revisions of an object, the newest first. */
export async function readRevisions(api: ApiClient, target: Target) {
  const { items } = await api.call({
    path: targetPath(target, "revisions"),
    query: { group: target.group },
    answer: revisions,
  });
  return items.sort((one, other) => other.generation - one.generation);
}

/** `history KIND NAME` */
export function historyCommand(context: CommandContext) {
  return verb("history <kind> <name>", "Show who changed an object, when and why", ["history deployment iris"])
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: { group?: string }) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { status } = await readResource(context.api(), target);
      const rows = await readRevisions(context.api(), target);
      const { colours } = context.terminal;
      const lines = renderTable(
        [
          { title: "Revision", cell: (row) => String(row.generation), align: "right" },
          { title: "When", cell: (row) => relativeTime(row.createdAt, context.clock.now()) },
          { title: "Who", cell: (row) => row.actor },
          { title: "By", cell: (row) => row.source },
          { title: "Result", cell: (row) => row.result },
          { title: "Serves", cell: (row) => (row.generation === status.servingGeneration ? "now" : "") },
          { title: "Message", cell: (row) => row.message },
        ],
        rows,
        colours.dim,
      );
      for (const line of lines) context.terminal.print(line);
    });
}
