import { DEFAULT_GROUP, modelVersionView } from "@slipway/contracts";
import type { Command } from "commander";
import { pathOf } from "../client/api-client.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";
import { readGivenJson } from "./read-given-json.ts";

type Options = { group?: string; data?: string; file?: string; remove?: true };

/** `model sample NAME VERSION [-d JSON | -f FILE | --remove]` */
export function sampleCommand(context: CommandContext): Command {
  return verb("sample <name> <version>", "Give a version a request to try it with; it must fit the signature", [
    "model sample iris 2 -f request.json",
    `model sample iris 2 -d '{"inputs":[{"name":"input","datatype":"FP32","shape":[1,4],"data":[5.1,3.5,1.4,0.2]}]}'`,
    "model sample iris 2 --remove",
  ])
    .option("-d, --data <json>", "an Open Inference Protocol request")
    .option("-f, --file <path>", "a file that holds one, or - for standard input")
    .option("--remove", "take the given one away; the version's own or a generated one stands there again")
    .addOption(groupOption())
    .action((name: string, version: string, options: Options) => give(context, name, version, options));
}

async function give(context: CommandContext, name: string, version: string, options: Options): Promise<void> {
  const given = await readGivenJson(context, options);
  const isRemoved = options.remove === true;
  if (isRemoved === (given !== null)) throw failure("no_sample_given", { model: name });
  const number = wholeNumber(1, 2_147_483_647)(version);
  const view = await context.api().call({
    method: "POST",
    path: pathOf("registry", "models", name, "versions", String(number), "sample"),
    query: { group: options.group ?? DEFAULT_GROUP },
    body: { sample: given === null ? null : JSON.parse(given) },
    answer: modelVersionView,
  });
  context.terminal.print(`sample of model ${view.model} version ${view.version} ${isRemoved ? "removed" : "given"}`);
}
