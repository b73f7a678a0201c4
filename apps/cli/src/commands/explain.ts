import { explainView, formatMemory } from "@slipway/contracts";
import { findTarget, readResource, targetPath } from "../client/resources.ts";
import { printVerdicts } from "../terminal/verdicts.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

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
      printVerdicts(terminal, view.servers);
      const { status } = await readResource(context.api(), target);
      if (status.batching !== null) terminal.print(batchingWords(status.batching));
    });
}

function batchingWords({ joined, reason }: { joined: boolean; reason: string }): string {
  const why = reason === "" ? "its graph keeps their rows apart" : reason;
  return `Requests that arrive together run ${joined ? "as one" : "one by one"}: ${why}.`;
}
