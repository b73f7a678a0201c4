import { type AuditView, auditView, DEFAULT_GROUP } from "@slipway/contracts";
import { Option } from "commander";
import * as z from "zod";
import { findTarget, kindOf } from "../client/resources.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

type Options = {
  group?: string;
  allGroups?: true;
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
  output: "table" | "json";
  limit: number;
};

const page = z.object({ items: z.array(auditView), next: z.string().nullable() });

/** In the API: of every group that one may see. */
const EVERY_GROUP = "*";
const DEFAULT_LIMIT = 50;
/** What the API gives at once. */
const PAGE_ENTRIES = 200;
const LIMIT_MAX = 10_000;

/** `activity [KIND] [NAME]` */
export function activityCommand(context: CommandContext) {
  return verb("activity [kind] [name]", "Show who did what to which object, the newest first", [
    "activity",
    "activity deployment iris",
    "activity server --actor user:admin -o json",
    "activity --action client_token.rotate --from -7d",
  ])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table"))
    .option("--actor <name>", "only what this one did, as local-admin or user:admin")
    .option("--action <verb>", "only this, as deployment.scale")
    .option("--from <time>", "only since then: a time in ISO 8601, or as -24h")
    .option("--to <time>", "only before then")
    .option("--limit <entries>", "how many at most", wholeNumber(1, LIMIT_MAX), DEFAULT_LIMIT)
    .addOption(groupOption())
    .option("-A, --all-groups", "of every group that you may see")
    .action(async (kind: string | undefined, name: string | undefined, options: Options) => {
      const items = await readActivity(context, { kind, name, options });
      print(context, items, options);
    });
}

type Asked = { kind: string | undefined; name: string | undefined; options: Options };

/** Reads page after page until there are enough. */
async function readActivity(context: CommandContext, { kind, name, options }: Asked): Promise<AuditView[]> {
  const group = await groupOf(context, { kind, name, options });
  const items: AuditView[] = [];
  let after: string | undefined;
  do {
    const limit = Math.min(options.limit - items.length, PAGE_ENTRIES);
    const query = {
      group,
      kind: kind === undefined ? undefined : kindOf(kind),
      name,
      actor: options.actor,
      action: options.action,
      from: options.from,
      to: options.to,
      limit,
      after,
    };
    const answer = await context.api().call({ path: "/activity", query, answer: page });
    items.push(...answer.items);
    after = answer.next ?? undefined;
  } while (after !== undefined && items.length < options.limit);
  return items;
}

/** Servers stand in their own group or in the platform's; everything else that nobody put elsewhere in `default`. */
async function groupOf(context: CommandContext, { kind, name, options }: Asked): Promise<string> {
  if (options.allGroups === true) return EVERY_GROUP;
  if (options.group !== undefined) return options.group;
  if (kind === undefined || kindOf(kind) !== "Server") return DEFAULT_GROUP;
  return name === undefined ? EVERY_GROUP : (await findTarget(context.api(), kind, name, undefined)).group;
}

function print(context: CommandContext, items: readonly AuditView[], { output }: Options): void {
  const { terminal } = context;
  if (output === "json") terminal.print(JSON.stringify({ items }, null, 2));
  else if (items.length === 0) terminal.note("Nothing is recorded that matches.");
  else printTable(context, items);
}

function printTable({ terminal, clock }: CommandContext, items: readonly AuditView[]): void {
  const { colours } = terminal;
  const lines = renderTable<AuditView>(
    [
      { title: "When", cell: (row) => relativeTime(row.at, clock.now()) },
      { title: "Who", cell: (row) => row.actor },
      { title: "Did", cell: (row) => row.action },
      { title: "To", cell: (row) => [row.kind.toLowerCase(), row.name].filter((part) => part !== "").join(" ") },
      { title: "Fields", cell: (row) => String(row.diff.length), align: "right" },
      { title: "Message", cell: (row) => row.message },
    ],
    items,
    colours.dim,
  );
  for (const line of lines) terminal.print(line);
}
