import { type GroupView, groupView } from "@slipway/contracts";
import { Option } from "commander";
import * as z from "zod";
import { renderTable } from "../terminal/table.ts";
import { type CommandContext, verb } from "./context.ts";

const groups = z.object({ items: z.array(groupView) });

/** `groups` */
export function groupsCommand(context: CommandContext) {
  return verb("groups", "List the groups that have something", ["groups", "groups -o json"])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table"))
    .action(async ({ output }: { output: "table" | "json" }) => {
      const { terminal } = context;
      const { items } = await context.api().call({ path: "/groups", answer: groups });
      if (output === "json") return terminal.print(JSON.stringify({ items }, null, 2));
      if (items.length === 0) return terminal.note("No group has anything yet.");
      const lines = renderTable<GroupView>(
        [
          { title: "Group", cell: ({ name }) => name },
          { title: "Deployments", cell: ({ deployments }) => String(deployments), align: "right" },
          { title: "Models", cell: ({ models }) => String(models), align: "right" },
          { title: "Servers", cell: ({ servers }) => String(servers), align: "right" },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}
