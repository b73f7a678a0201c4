import { type DeploymentRow, deploymentRowPage, resourceView } from "@slipway/contracts";
import { type Command, Option } from "commander";
import * as z from "zod";
import type { ApiClient } from "../client/api-client.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { healthCell, lifecycleCell, relativeTime, replicas } from "../terminal/words.ts";
import type { CommandContext } from "./context.ts";

/** By what deployments are narrowed and sorted on the command line; each is a parameter of the API. */
export type DeploymentOptions = {
  search?: string;
  labels?: string;
  lifecycle?: string;
  health?: string;
  environment?: string;
  visibility?: string;
  attention?: string | true;
  sort?: string;
};

/** The options that only deployments have. */
export const DEPLOYMENT_ONLY = ["lifecycle", "health", "environment", "visibility", "attention", "sort"] as const;

/** Adds them to a command; several values by comma, each with ! in front to leave it out. */
export function addDeploymentOptions(command: Command): Command {
  return command
    .addOption(new Option("--lifecycle <values>", "only deployments that are so, as Live,Updating or !Stopped"))
    .addOption(new Option("--health <values>", "only deployments of this health, as Failed,Degraded"))
    .addOption(new Option("--environment <values>", "only deployments of this environment, as production"))
    .addOption(new Option("--visibility <values>", "only private or public deployments"))
    .addOption(
      new Option(
        "--attention [reasons]",
        "only deployments that need attention: any, or failed, degraded, stuck, noTraffic, tokenExpires",
      ),
    )
    .addOption(
      new Option(
        "--sort <key>",
        "name, updated, created, lifecycle, health, replicas, requests, p95 or errors; with - in front the largest first",
      ),
    );
}

const PAGE = 200;
const views = z.object({ items: z.array(resourceView), next: z.string().nullable() });

/** All deployments that match, as whole resources. */
export function readDeployments(api: ApiClient, group: string, options: DeploymentOptions) {
  return readPages(async (after) =>
    api.call({ path: "/deployments", query: queryOf(group, options, after), answer: views }),
  );
}

/** All deployments that match, as lines of a table. */
export function readDeploymentRows(
  api: ApiClient,
  group: string,
  options: DeploymentOptions,
): Promise<DeploymentRow[]> {
  return readPages(async (after) =>
    api.call({ path: "/deployment-rows", query: queryOf(group, options, after), answer: deploymentRowPage }),
  );
}

async function readPages<Item>(
  read: (after: string | undefined) => Promise<{ items: Item[]; next: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await read(after);
    all.push(...items);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}

function queryOf(group: string, { attention, ...options }: DeploymentOptions, after: string | undefined) {
  return {
    group,
    search: options.search,
    labels: options.labels,
    lifecycle: options.lifecycle,
    health: options.health,
    environment: options.environment,
    visibility: options.visibility,
    sort: options.sort,
    attention: attention === true ? "any" : attention,
    limit: PAGE,
    after,
  };
}

/** A table, and below it for people the cause of whatever is not well. */
export function printDeploymentRows(
  { terminal, clock }: CommandContext,
  rows: readonly DeploymentRow[],
  withGroup: boolean,
): void {
  const { colours } = terminal;
  const columns: Column<DeploymentRow>[] = [
    ...(withGroup ? [{ title: "Group", cell: (row: DeploymentRow) => row.group }] : []),
    { title: "Name", cell: (row) => ({ text: row.name, paint: colours.bold }) },
    { title: "State", cell: (row) => lifecycleCell(row.lifecycle, colours) },
    { title: "Health", cell: (row) => healthCell(row.health, colours) },
    { title: "Traffic", cell: (row) => row.traffic },
    { title: "Ready", cell: (row) => replicas(row.replicas) },
    { title: "Model", cell: modelOf },
    { title: "Req/s", cell: (row) => figure(row.rate?.requestsPerSecond), align: "right" },
    { title: "p95 ms", cell: (row) => figure(row.rate?.p95Ms), align: "right" },
    { title: "5xx %", cell: (row) => percent(row.rate?.serverErrorRate), align: "right" },
    { title: "Changed", cell: (row) => relativeTime(row.updatedAt, clock.now()) },
  ];
  for (const line of renderTable(columns, rows, colours.dim)) terminal.print(line);
  for (const { name, message } of rows) if (message !== "") terminal.note(`deployment ${name}: ${message}`);
}

/** The last two parts of a URI tell models apart; the whole of it is in the JSON. */
function modelOf({ model }: DeploymentRow): string {
  if (model.registered === null) return model.uri.split("/").slice(-2).join("/");
  return model.version === null ? model.registered : `${model.registered}@${model.version}`;
}

function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "-";
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "-" : (share * 100).toFixed(1);
}
