import {
  DEFAULT_GROUP,
  Deployment,
  formatMemory,
  type KindName,
  Model,
  memoryBytes,
  type ResourceView,
  Server,
} from "@slipway/contracts";
import { Option } from "commander";
import { stringify } from "yaml";
import { findTarget, kindOf, listResources, nameOf, readResource } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { healthCell, lifecycleCell, relativeTime, replicas } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";
import {
  addDeploymentOptions,
  DEPLOYMENT_ONLY,
  type DeploymentOptions,
  printDeploymentRows,
  readDeploymentRows,
  readDeployments,
} from "./get-deployments.ts";

type Options = DeploymentOptions & { group?: string; output: "table" | "json" | "yaml"; allGroups?: true };

/** In the API: of every group that one may see. */
const EVERY_GROUP = "*";

/** `get KIND [NAME]` */
export function getCommand(context: CommandContext) {
  const command = verb("get <kind> [name]", "Show objects of a kind, or one of them", [
    "get deployments",
    "get deployment iris -o yaml",
    "get servers --group platform -o json",
    "get deployments --search fraud",
    "get deployments --attention --sort -updated",
    "get deployments --lifecycle Live,Updating --environment production -l team=growth",
  ])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json", "yaml"]).default("table"))
    .option("--search <text>", "only those whose name or title contains it; of a deployment also its model and labels")
    .option("-l, --labels <selector>", "only those with these labels, as team=growth,tier=1")
    .addOption(groupOption())
    .option("-A, --all-groups", "of every group that you may see")
    .action((kind: string, name: string | undefined, options: Options) => get(context, kindOf(kind), name, options));
  return addDeploymentOptions(command);
}

async function get(context: CommandContext, kind: KindName, name: string | undefined, options: Options) {
  const api = context.api();
  if (name !== undefined) {
    const one = await readResource(api, await findTarget(api, kind, name, options.group));
    return printOne(context, kind, one, options.output);
  }
  const group = options.allGroups === true ? EVERY_GROUP : (options.group ?? defaultGroupOf(kind));
  if (kind === "Deployment") return getDeployments(context, options, group);
  const wrong = DEPLOYMENT_ONLY.find((option) => options[option] !== undefined);
  if (wrong !== undefined) throw failure("only_deployments", { option: wrong, kind: kind.toLowerCase() });
  const all: ResourceView[] = [];
  const found = listResources(api, kind, { group, search: options.search, labels: options.labels });
  for await (const one of found) all.push(one);
  printMany(context, kind, all, options, group);
}

async function getDeployments(context: CommandContext, options: Options, group: string): Promise<void> {
  if (options.output !== "table") {
    return printMany(context, "Deployment", await readDeployments(context.api(), group, options), options, group);
  }
  const rows = await readDeploymentRows(context.api(), group, options);
  if (rows.length > 0) return printDeploymentRows(context, rows, group === EVERY_GROUP);
  const isNarrowed = [...DEPLOYMENT_ONLY, "search" as const, "labels" as const].some(
    (name) => options[name] !== undefined,
  );
  const where = group === EVERY_GROUP ? "" : ` in group ${group}`;
  context.terminal.note(isNarrowed ? `No deployment${where} matches.` : `There are no deployments${where}.`);
}

/** Servers are shown of every group, for models are placed on shared ones too. */
function defaultGroupOf(kind: KindName): string {
  return kind === "Server" ? EVERY_GROUP : DEFAULT_GROUP;
}

function printOne(context: CommandContext, kind: KindName, one: ResourceView, output: Options["output"]): void {
  const { terminal } = context;
  if (output === "json") terminal.print(JSON.stringify(one, null, 2));
  else if (output === "yaml") terminal.write(stringify(one));
  else printRows(context, kind, [one], false);
}

function printMany(
  context: CommandContext,
  kind: KindName,
  all: readonly ResourceView[],
  options: Options,
  group: string,
): void {
  const { terminal } = context;
  if (options.output === "json") terminal.print(JSON.stringify({ items: all }, null, 2));
  else if (options.output === "yaml") terminal.write(all.map((one) => stringify(one)).join("---\n"));
  else if (all.length === 0)
    terminal.note(`There are no ${kind.toLowerCase()}s${group === EVERY_GROUP ? "" : ` in group ${group}`}.`);
  else printRows(context, kind, all, group === EVERY_GROUP);
}

/** A table, and below it for people the cause of whatever is not well. */
function printRows(context: CommandContext, kind: KindName, rows: readonly ResourceView[], withGroup: boolean): void {
  printTable(context, kind, rows, withGroup);
  for (const { metadata, status } of rows) {
    if (status.message !== "") context.terminal.note(`${nameOf({ kind, name: metadata.name })}: ${status.message}`);
  }
}

function printTable(context: CommandContext, kind: KindName, rows: readonly ResourceView[], withGroup: boolean): void {
  const { colours } = context.terminal;
  const columns: Column<ResourceView>[] = [
    ...(withGroup ? [{ title: "Group", cell: (row: ResourceView) => row.metadata.group }] : []),
    { title: "Name", cell: (row) => ({ text: row.metadata.name, paint: colours.bold }) },
    { title: "State", cell: (row) => lifecycleCell(row.status.lifecycle, colours) },
    { title: "Health", cell: (row) => healthCell(row.status.health, colours) },
    ...(kind === "Server" ? [] : [{ title: "Traffic", cell: (row: ResourceView) => row.status.traffic }]),
    { title: "Ready", cell: (row) => replicas(row.status.replicas) },
    ...columnsOf(kind),
    { title: "Changed", cell: (row) => relativeTime(row.metadata.updatedAt, context.clock.now()) },
  ];
  for (const line of renderTable(columns, rows, colours.dim)) context.terminal.print(line);
}

/** What only objects of one kind have to show. */
function columnsOf(kind: KindName): Column<ResourceView>[] {
  switch (kind) {
    case "Deployment":
      return [
        {
          title: "Model",
          cell: (row) => shortUri(Deployment.spec.safeParse(row.spec).data?.variants[0]?.model.uri ?? ""),
        },
      ];
    case "Model":
      return [{ title: "Model", cell: (row) => shortUri(Model.spec.safeParse(row.spec).data?.storageUri ?? "") }];
    case "Server":
      return [
        { title: "Memory a replica", cell: (row) => memoryOf(row) },
        { title: "Used", cell: (row) => usedMemory(row) },
      ];
    default:
      return kind satisfies never;
  }
}

/** The last two parts of a URI tell models apart; the whole of it is in the JSON. */
function shortUri(uri: string): string {
  return uri.split("/").slice(-2).join("/");
}

function memoryOf(row: ResourceView): string {
  const spec = Server.spec.safeParse(row.spec).data;
  return spec === undefined ? "" : formatMemory(memoryBytes(spec.resources.memory));
}

function usedMemory(row: ResourceView): string {
  const memory = row.status.memory;
  return memory === null ? "" : `${formatMemory(memory.usedBytes)} of ${formatMemory(memory.capacityBytes)}`;
}
