import { basename, resolve } from "node:path";
import { DEFAULT_GROUP, formatMemory, modelVersionView, registeredModelView } from "@slipway/contracts";
import { Command, Option } from "commander";
import * as z from "zod";
import { pathOf } from "../client/api-client.ts";
import { uploadModel } from "../client/upload-model.ts";
import { failure } from "../failure.ts";
import { findModel, modelTitle } from "../manifest/find-model.ts";
import { nameFromFile } from "../manifest/name-from-file.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";
import { sampleCommand } from "./model-sample.ts";
import { showVersion } from "./show-version.ts";

type GroupOption = { group?: string };
type Printed = GroupOption & { output: "table" | "json" };

const models = z.object({ items: z.array(registeredModelView), next: z.string().nullable() });
const versions = z.object({ items: z.array(modelVersionView), next: z.string().nullable() });

/** `model push | list | versions | show | alias | sample | delete` */
export function modelCommand(context: CommandContext): Command {
  return new Command("model")
    .summary("Keep models in the registry: versions, and aliases that deployments follow")
    .description("Keep models in the registry: versions, and aliases that deployments follow.")
    .addCommand(pushCommand(context))
    .addCommand(listCommand(context))
    .addCommand(versionsCommand(context))
    .addCommand(showCommand(context))
    .addCommand(aliasCommand(context))
    .addCommand(sampleCommand(context))
    .addCommand(deleteCommand(context));
}

function groupOf({ group }: GroupOption): string {
  return group ?? DEFAULT_GROUP;
}

function modelPath(...below: readonly string[]): string {
  return pathOf("registry", "models", ...below);
}

function tableOrJson(): Option {
  return new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table");
}

type PushOptions = GroupOption & { name?: string; alias?: string; message?: string; output: "text" | "json" };

function pushCommand(context: CommandContext): Command {
  return verb("push <file>", "Upload a model file as the next version of a registered model", [
    "model push ./iris.onnx",
    "model push ./iris.onnx --name flowers --alias live",
    'model push ./iris.onnx -m "trained on March"',
  ])
    .addOption(new Option("--name <name>", "of the registered model; else made of the file's name"))
    .addOption(
      new Option("--alias <alias>", "let this alias stand for the new version; deployments that follow it move"),
    )
    .addOption(new Option("-m, --message <text>", "what is special about this version"))
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(groupOption())
    .action((file: string, options: PushOptions) => push(context, file, options));
}

async function push(context: CommandContext, given: string, options: PushOptions): Promise<void> {
  const { terminal } = context;
  const found = await findModel(resolve(context.workingDir, given));
  const pushed = await uploadModel(context, {
    name: options.name ?? nameFromFile(modelTitle(found)),
    group: groupOf(options),
    file: found.file,
    filename: basename(found.file),
    alias: options.alias,
    description: options.message,
  });
  if (options.output === "json") return terminal.print(JSON.stringify(pushed, null, 2));
  terminal.print(`model ${pushed.model} version ${pushed.version}`);
  terminal.note(`Deploy it: npx slipway apply --model ${pushed.model}:${pushed.version}`);
}

function listCommand(context: CommandContext): Command {
  return verb("list", "Show registered models", ["model list", "model list --search iris -o json"])
    .addOption(new Option("--search <text>", "only those whose name, description or an alias contains it"))
    .addOption(tableOrJson())
    .addOption(groupOption())
    .action(async (options: Printed & { search?: string }) => {
      const items = [];
      let after: string | undefined;
      do {
        const query = { group: groupOf(options), search: options.search, limit: 200, after };
        const page = await context.api().call({ path: modelPath(), query, answer: models });
        items.push(...page.items);
        after = page.next ?? undefined;
      } while (after !== undefined);
      const { terminal, clock } = context;
      if (options.output === "json") return terminal.print(JSON.stringify({ items }, null, 2));
      if (items.length === 0) return terminal.note("No model is registered. Upload one: npx slipway model push FILE");
      const lines = renderTable(
        [
          { title: "Model", cell: ({ name }) => name },
          { title: "Latest", cell: ({ latestVersion }) => String(latestVersion ?? "none") },
          { title: "Aliases", cell: ({ aliases }) => aliasWords(aliases) },
          {
            title: "Deployed in",
            cell: ({ deployedIn }) => deployedIn.map(({ name }) => name).join(", ") || "nothing",
          },
          { title: "Updated", cell: ({ updatedAt }) => relativeTime(updatedAt, clock.now()) },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}

function aliasWords(aliases: Readonly<Record<string, number>>): string {
  const words = Object.entries(aliases).map(([alias, version]) => `${alias}=${version}`);
  return words.join(", ") || "none";
}

function versionsCommand(context: CommandContext): Command {
  return verb("versions <name>", "Show a model's versions, the latest first", ["model versions iris"])
    .addOption(tableOrJson())
    .addOption(groupOption())
    .action(async (name: string, options: Printed) => {
      const { items } = await context.api().call({
        path: modelPath(name, "versions"),
        query: { group: groupOf(options), limit: 200 },
        answer: versions,
      });
      const { terminal, clock } = context;
      if (options.output === "json") return terminal.print(JSON.stringify({ items }, null, 2));
      const lines = renderTable(
        [
          { title: "Version", cell: ({ version }) => String(version), align: "right" },
          { title: "Aliases", cell: ({ aliases }) => aliases.join(", ") || "none" },
          { title: "Size", cell: ({ sizeBytes }) => formatMemory(sizeBytes), align: "right" },
          { title: "SHA-256", cell: ({ sha256 }) => sha256.slice(0, 12) },
          { title: "Deployed in", cell: ({ deployedIn }) => deployedIn.map((one) => one.name).join(", ") || "nothing" },
          { title: "Created", cell: ({ createdAt }) => relativeTime(createdAt, clock.now()) },
          { title: "By", cell: ({ createdBy }) => createdBy },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}

function showCommand(context: CommandContext): Command {
  return verb("show <name> [version]", "Show one version: signature, sample and where it is deployed", [
    "model show iris",
    "model show iris 2 -o json",
  ])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(groupOption())
    .action(async (name: string, version: string | undefined, options: GroupOption & { output: "text" | "json" }) => {
      const query = { group: groupOf(options) };
      const latest = async () => {
        const { latestVersion } = await context
          .api()
          .call({ path: modelPath(name), query, answer: registeredModelView });
        if (latestVersion === null) throw failure("no_version", { model: name });
        return latestVersion;
      };
      const number = version === undefined ? await latest() : versionOf(version);
      const view = await context.api().call({
        path: modelPath(name, "versions", String(number)),
        query,
        answer: modelVersionView,
      });
      if (options.output === "json") return context.terminal.print(JSON.stringify(view, null, 2));
      showVersion(context, view);
    });
}

function versionOf(text: string): number {
  return wholeNumber(1, 2_147_483_647)(text);
}

function aliasCommand(context: CommandContext): Command {
  return verb("alias <name> <alias> [version]", "Let an alias stand for a version; deployments that follow it move", [
    "model alias iris live 2",
    "model alias iris live --remove",
  ])
    .option("--remove", "take the alias away; refused while a deployment follows it")
    .addOption(groupOption())
    .action(
      async (name: string, alias: string, version: string | undefined, options: GroupOption & { remove?: true }) => {
        const path = modelPath(name, "aliases", alias);
        const query = { group: groupOf(options) };
        if (options.remove === true) {
          await context.api().call({ method: "DELETE", path, query, answer: z.unknown() });
          return context.terminal.print(`alias ${alias} of model ${name} removed`);
        }
        if (version === undefined) throw failure("no_version_given", { alias });
        const body = { version: versionOf(version) };
        const view = await context.api().call({ method: "POST", path, query, body, answer: modelVersionView });
        context.terminal.print(`alias ${alias} of model ${name} stands for version ${view.version}`);
      },
    );
}

async function confirmName({ terminal, signal }: CommandContext, name: string): Promise<void> {
  const what = { kind: "registered model", name };
  if (!terminal.isInteractive) throw failure("name_not_typed", what);
  terminal.note(`This deletes registered model ${name} with all its versions.`);
  const typed = await terminal.ask("Type its name to delete it: ", signal);
  if (typed.trim() !== name) throw failure("not_confirmed", what);
}

function deleteCommand(context: CommandContext): Command {
  return verb("delete <name> [version]", "Delete a version, or a model with all of them; refused while one is used", [
    "model delete iris 1",
    "model delete iris --yes",
  ])
    .option("-m, --message <text>", "why; kept in the activity")
    .option("-y, --yes", "do not ask")
    .addOption(groupOption())
    .action(
      async (name: string, version: string | undefined, options: GroupOption & { message?: string; yes?: true }) => {
        const number = version === undefined ? null : versionOf(version);
        // A version can be uploaded again; a whole model is asked about.
        if (number === null && options.yes !== true) await confirmName(context, name);
        const below = number === null ? [] : ["versions", String(number)];
        await context.api().call({
          method: "DELETE",
          path: modelPath(name, ...below),
          query: { group: groupOf(options) },
          body: options.message === undefined ? {} : { message: options.message },
          answer: z.unknown(),
        });
        context.terminal.print(`model ${name}${number === null ? "" : ` version ${number}`} deleted`);
      },
    );
}
