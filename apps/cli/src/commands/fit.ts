import { DEFAULT_GROUP, fitView, formatMemory } from "@slipway/contracts";
import { type Command, Option } from "commander";
import { printVerdicts } from "../terminal/verdicts.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

type Options = {
  group?: string;
  memory: string;
  format?: string;
  replicas?: number;
  server?: string;
  output: "text" | "json";
};
const REPLICAS_MAX = 1_000;

/** `fit --memory 2Gi` */
export function fitCommand(context: CommandContext): Command {
  return verb("fit", "Say where a model that is not deployed yet would be placed, and why not elsewhere", [
    "fit --memory 2Gi",
    "fit --memory 500Mi --replicas 2 --server onnx",
  ])
    .requiredOption("--memory <quantity>", "what one replica takes, such as 200Mi or 2Gi")
    .option("--format <format>", "what a server must be able to load; else onnx")
    .option("--replicas <number>", "how many are to be placed; else 1", wholeNumber(1, REPLICAS_MAX))
    .option("--server <name>", "ask about this server alone")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(groupOption())
    .action(async ({ group = DEFAULT_GROUP, output, ...question }: Options) => {
      const view = await context.api().call({
        method: "POST",
        path: "/servers/fit",
        query: { group },
        body: question,
        answer: fitView,
      });
      const { terminal } = context;
      if (output === "json") return terminal.print(JSON.stringify(view, null, 2));
      terminal.print(`${view.fits ? "It fits" : "It does not fit"}: ${view.summary}`);
      terminal.print(
        `It needs ${formatMemory(view.neededBytes)} on each of ${view.wanted} replica${view.wanted === 1 ? "" : "s"}.`,
      );
      printVerdicts(terminal, view.servers);
    });
}
