import { DEFAULT_GROUP, formatMemory, type ServerReplicasView, serverReplicasView } from "@slipway/contracts";
import { type Command, Option } from "commander";
import * as z from "zod";
import { renderTable } from "../terminal/table.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

type Options = { group?: string; allGroups?: true; output: "table" | "json" };

const answer = z.object({ items: z.array(serverReplicasView) });

/** `replicas [SERVER]` */
export function replicasCommand(context: CommandContext): Command {
  return verb("replicas [server]", "Show what the replicas of servers offer and hold, and what is amiss", [
    "replicas",
    "replicas onnx -o json",
  ])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table"))
    .addOption(groupOption())
    .option("-A, --all-groups", "of every group that you may see")
    .action(async (server: string | undefined, { group = DEFAULT_GROUP, allGroups, output }: Options) => {
      const query = { group: allGroups === true ? "*" : group };
      const { items: all } = await context.api().call({ path: "/server-replicas", query, answer });
      const items = all.filter(({ name }) => server === undefined || name === server);
      const { terminal } = context;
      if (output === "json") return terminal.print(JSON.stringify({ items }, null, 2));
      if (items.length === 0) return terminal.note("There is no such server that this group may use.");
      for (const line of tableOf(items, terminal.colours.dim)) terminal.print(line);
      for (const { name, drift } of items) {
        for (const words of drift) terminal.note(`${name}: ${words}`);
      }
    });
}

function tableOf(items: readonly ServerReplicasView[], dim: (text: string) => string): string[] {
  const rows = items.flatMap(({ name, replicas }) => replicas.map((replica) => ({ name, ...replica })));
  return renderTable(
    [
      { title: "Server", cell: ({ name }) => name },
      { title: "Replica", cell: ({ replica }) => String(replica), align: "right" },
      { title: "State", cell: ({ state, reason }) => (reason === "" ? state : `${state}: ${reason}`) },
      { title: "Declared", cell: ({ declaredBytes }) => formatMemory(declaredBytes), align: "right" },
      {
        title: "Measured",
        cell: ({ measuredBytes }) => (measuredBytes === null ? "-" : formatMemory(measuredBytes)),
        align: "right",
      },
      { title: "Free", cell: ({ freeBytes }) => formatMemory(freeBytes), align: "right" },
      { title: "Models", cell: ({ models, others }) => String(models.length + others.count), align: "right" },
      { title: "GPU", cell: ({ gpus }) => gpus.map(({ name }) => name).join(", ") || "none" },
    ],
    rows,
    dim,
  );
}
