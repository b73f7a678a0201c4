import { resourceView } from "@slipway/contracts";
import { findTarget, nameOf, readResource, targetPath } from "../client/resources.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

type Options = { group?: string; replicas: number; message?: string };

/** `scale KIND NAME --replicas N` */
export function scaleCommand(context: CommandContext) {
  return verb("scale <kind> <name>", "Set how many replicas a deployment or a server has", [
    "scale deployment iris --replicas 3",
    "scale server onnx --replicas 2 --group platform",
  ])
    .requiredOption("--replicas <number>", "how many", wholeNumber(0, 1000))
    .option("-m, --message <text>", "why; kept in the history")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const { metadata } = await readResource(context.api(), target);
      await context.api().call({
        method: "POST",
        path: targetPath(target, "scale"),
        query: { group: target.group },
        body: {
          replicas: options.replicas,
          uid: metadata.uid,
          version: metadata.version,
          ...(options.message === undefined ? {} : { message: options.message }),
        },
        answer: resourceView,
      });
      context.terminal.print(`${nameOf(target)} scaled to ${options.replicas}`);
    });
}
