import { fieldChange } from "@slipway/contracts";
import { createTwoFilesPatch } from "diff";
import * as z from "zod";
import { findTarget, nameOf, targetPath } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { printFields } from "../terminal/print-fields.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";
import { readRevisions } from "./history.ts";

type Options = { group?: string; from?: number; to?: number; manifest?: true };

const difference = z.object({
  fields: z.array(fieldChange),
  fromManifest: z.string(),
  toManifest: z.string(),
});

/** `diff KIND NAME [--from G] [--to G]` */
export function diffCommand(context: CommandContext) {
  return verb("diff <kind> <name>", "Show what changed between two revisions", [
    "diff deployment iris",
    "diff deployment iris --from 2 --to 5",
    "diff deployment iris --manifest",
  ])
    .description(
      "Show what changed between two revisions, and what each change does to what runs; unless told, the newest one and the one before it.",
    )
    .option("--from <revision>", "the older one; else the one before --to", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option("--to <revision>", "the newer one; else the newest", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option("--manifest", "compare the manifests' texts, line by line")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) => {
      const target = await findTarget(context.api(), kind, name, options.group);
      const generations = (await readRevisions(context.api(), target)).map(({ generation }) => generation);
      const to = options.to ?? generations[0] ?? 1;
      const from = options.from ?? generations.find((generation) => generation < to);
      if (from === undefined) throw failure("no_previous_revision", { kind: target.kind, name });
      const found = await context.api().call({
        path: targetPath(target, "diff"),
        query: { group: target.group, from, to },
        answer: difference,
      });
      const { terminal } = context;
      if (options.manifest === true) {
        const patch = createTwoFilesPatch(`revision ${from}`, `revision ${to}`, found.fromManifest, found.toManifest);
        for (const line of patch.split("\n").slice(1)) terminal.print(paintLine(line, terminal.colours));
        return;
      }
      terminal.note(`${nameOf(target)}, revision ${from} to ${to}:`);
      if (found.fields.length === 0) terminal.note("No field differs.");
      printFields(terminal, found.fields);
    });
}

function paintLine(line: string, colours: CommandContext["terminal"]["colours"]): string {
  if (line.startsWith("+")) return colours.green(line);
  if (line.startsWith("-")) return colours.red(line);
  return line;
}
