import { clientTokenView, createdClientToken, DEFAULT_GROUP, DEFAULT_TOKEN_DAYS } from "@slipway/contracts";
import { Command, Option } from "commander";
import * as z from "zod";
import { pathOf } from "../client/api-client.ts";
import { readPlatformAddresses } from "../client/credentials.ts";
import { failure } from "../failure.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";

const tokens = z.object({ items: z.array(clientTokenView) });

/** `token create | list | revoke` */
export function tokenCommand(context: CommandContext): Command {
  return new Command("token")
    .summary("Manage the tokens with which clients call a deployment")
    .description("Manage the tokens with which clients call a deployment.")
    .addCommand(createTokenCommand(context))
    .addCommand(listTokensCommand(context))
    .addCommand(revokeTokenCommand(context));
}

type CreateOptions = { group?: string; output: "text" | "json"; expiresIn?: string; renew?: true };

function createTokenCommand(context: CommandContext): Command {
  return verb("create <deployment> <client>", "Create a token; it is shown this once", [
    "token create iris shop",
    "token create iris shop -o json",
    "token create iris shop --expires-in 30d --renew",
  ])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"))
    .option("--expires-in <days>", `such as 30d, or never; else ${DEFAULT_TOKEN_DAYS}d`)
    .option("--renew", "replace the client's token; the old one ends at once")
    .addOption(groupOption())
    .action(async (deployment: string, client: string, options: CreateOptions) => {
      const created = await context.api().call({
        method: "POST",
        path: pathOf("deployments", deployment, "tokens"),
        query: { group: groupOf(options) },
        body: {
          client,
          ...(options.expiresIn === undefined ? {} : { expiresInDays: daysOf(options.expiresIn) }),
          ...(options.renew === true ? { renew: true } : {}),
        },
        answer: createdClientToken,
      });
      const { terminal } = context;
      if (options.output === "json") {
        return terminal.print(JSON.stringify({ client: created.client, token: created.token }));
      }
      terminal.print(created.token);
      const ends =
        created.expiresAt === null
          ? "never expires"
          : `expires ${relativeTime(created.expiresAt, context.clock.now())}`;
      terminal.note(
        `It ${ends} and is not shown again. Send it as: Authorization: Bearer ${created.token.slice(0, 8)}…`,
      );
      const gateway = readPlatformAddresses(context.config.dataDir)?.gatewayUrl;
      if (gateway === undefined) return;
      terminal.note(
        `Try it: curl -H "Authorization: Bearer $TOKEN" ${gateway}${pathOf("serve", groupOf(options), deployment, "v2", "models", deployment)}`,
      );
    });
}

function groupOf({ group }: { group?: string }): string {
  return group ?? DEFAULT_GROUP;
}

function daysOf(text: string): number | null {
  if (text === "never") return null;
  const days = Number(/^(\d{1,5})d$/.exec(text)?.[1]);
  if (!Number.isInteger(days) || days < 1) {
    throw failure("bad_value", { what: "--expires-in", given: text, rule: "days such as 30d, or never, are allowed" });
  }
  return days;
}

function listTokensCommand(context: CommandContext): Command {
  return verb("list <deployment>", "Show which clients have a token, never the token itself", ["token list iris"])
    .addOption(new Option("-o, --output <format>", "how to print").choices(["table", "json"]).default("table"))
    .addOption(groupOption())
    .action(async (deployment: string, options: { group?: string; output: "table" | "json" }) => {
      const { items } = await context.api().call({
        path: pathOf("deployments", deployment, "tokens"),
        query: { group: groupOf(options) },
        answer: tokens,
      });
      const { terminal, clock } = context;
      if (options.output === "json") return terminal.print(JSON.stringify({ items }, null, 2));
      if (items.length === 0) return terminal.note(`Nobody has a token of ${deployment}.`);
      const lines = renderTable(
        [
          { title: "Client", cell: (row) => row.client },
          { title: "Token", cell: (row) => row.hint },
          { title: "State", cell: (row) => stateOf(row, clock.now()) },
          { title: "Created", cell: (row) => relativeTime(row.createdAt, clock.now()) },
          {
            title: "Expires",
            cell: (row) => (row.expiresAt === null ? "never" : relativeTime(row.expiresAt, clock.now())),
          },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}

function stateOf(token: z.output<typeof clientTokenView>, nowMs: number): string {
  if (token.revokedAt !== null) return "revoked";
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= nowMs ? "expired" : "valid";
}

function revokeTokenCommand(context: CommandContext): Command {
  return verb("revoke <deployment> <client>", "End a client's token at once", ["token revoke iris shop"])
    .addOption(groupOption())
    .action(async (deployment: string, client: string, options: { group?: string }) => {
      await context.api().call({
        method: "DELETE",
        path: pathOf("deployments", deployment, "tokens", client),
        query: { group: groupOf(options) },
        answer: z.unknown(),
      });
      context.terminal.print(`token of ${client} for ${deployment} revoked`);
    });
}
