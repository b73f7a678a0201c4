import {
  type ClientTokenView,
  type CreatedClientToken,
  clientTokenView,
  createdClientToken,
  DEFAULT_GROUP,
  DEFAULT_OVERLAP_HOURS,
  DEFAULT_TOKEN_DAYS,
  MAX_OVERLAP_HOURS,
  rotatedClientToken,
  TOKEN_METHODS,
  type TokenMethod,
  tokenMethod,
} from "@slipway/contracts";
import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import { pathOf } from "../client/api-client.ts";
import { readPlatformAddresses } from "../client/credentials.ts";
import { failure } from "../failure.ts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import { type CommandContext, groupOption, verb, wholeNumber } from "./context.ts";

const tokens = z.object({ items: z.array(clientTokenView) });

/** `token create | list | rotate | revoke` */
export function tokenCommand(context: CommandContext): Command {
  return new Command("token")
    .summary("Manage the tokens with which clients call a deployment")
    .description("Manage the tokens with which clients call a deployment.")
    .addCommand(createTokenCommand(context))
    .addCommand(listTokensCommand(context))
    .addCommand(rotateTokenCommand(context))
    .addCommand(revokeTokenCommand(context));
}

type NewTokenOptions = {
  group?: string;
  output: "text" | "json";
  expiresIn?: string;
  scope?: TokenMethod[];
};
type CreateOptions = NewTokenOptions & { renew?: true };
type RotateOptions = NewTokenOptions & { overlapHours: number };

function createTokenCommand(context: CommandContext): Command {
  return verb("create <deployment> <client>", "Create a token; it is shown this once", [
    "token create iris shop",
    "token create iris shop -o json",
    "token create iris shop --expires-in 30d --renew",
    "token create iris shop --scope infer",
  ])
    .addOption(textOrJson())
    .addOption(expiryOption())
    .addOption(scopeOption("everything"))
    .option("--renew", "replace the client's token; the old one ends at once")
    .addOption(groupOption())
    .action(async (deployment: string, client: string, options: CreateOptions) => {
      const created = await context.api().call({
        method: "POST",
        path: pathOf("deployments", deployment, "tokens"),
        query: { group: groupOf(options) },
        body: { client, ...newTokenBody(options), ...(options.renew === true ? { renew: true } : {}) },
        answer: createdClientToken,
      });
      const { terminal } = context;
      if (options.output === "json") {
        return terminal.print(JSON.stringify({ client: created.client, token: created.token }));
      }
      showToken(context, created);
      const gateway = readPlatformAddresses(context.config.dataDir)?.gatewayUrl;
      if (gateway === undefined) return;
      terminal.note(
        `Try it: curl -H "Authorization: Bearer $TOKEN" ${gateway}${pathOf("serve", groupOf(options), deployment, "v2", "models", deployment)}`,
      );
    });
}

function rotateTokenCommand(context: CommandContext): Command {
  return verb("rotate <deployment> <client>", "Give a client a new token while its old one goes on for a while", [
    "token rotate iris shop",
    "token rotate iris shop --overlap-hours 2 --expires-in 30d",
    "token rotate iris shop --overlap-hours 0 -o json",
  ])
    .addOption(textOrJson())
    .addOption(
      new Option("--overlap-hours <hours>", "how long the old token goes on; 0 ends it at once")
        .argParser(wholeNumber(0, MAX_OVERLAP_HOURS))
        .default(DEFAULT_OVERLAP_HOURS),
    )
    .addOption(expiryOption())
    .addOption(scopeOption("that of the old token"))
    .addOption(groupOption())
    .action(async (deployment: string, client: string, options: RotateOptions) => {
      const rotated = await context.api().call({
        method: "POST",
        path: pathOf("deployments", deployment, "tokens", client, "rotate"),
        query: { group: groupOf(options) },
        body: { overlapHours: options.overlapHours, ...newTokenBody(options) },
        answer: rotatedClientToken,
      });
      const { terminal, clock } = context;
      const { replaced } = rotated;
      if (options.output === "json") {
        return terminal.print(JSON.stringify({ client, token: rotated.token, replaced }));
      }
      showToken(context, rotated);
      const hasEnded = Date.parse(replaced.endsAt) <= clock.now();
      terminal.note(
        `The old token ${replaced.hint} ${hasEnded ? "has ended" : `ends ${relativeTime(replaced.endsAt, clock.now())}`}.`,
      );
    });
}

function textOrJson(): Option {
  return new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text");
}

function expiryOption(): Option {
  return new Option("--expires-in <days>", `such as 30d, or never; else ${DEFAULT_TOKEN_DAYS}d`);
}

function scopeOption(otherwise: string): Option {
  const option = new Option("--scope <methods>", `what it is good for: ${TOKEN_METHODS.join(",")}; else ${otherwise}`);
  return option.argParser((text: string) => {
    const methods = tokenMethod.array().safeParse([...new Set(text.split(","))]);
    if (!methods.success) throw new InvalidArgumentError(`Allowed: ${TOKEN_METHODS.join(", ")}, joined by commas.`);
    return methods.data;
  });
}

function newTokenBody({ expiresIn, scope }: NewTokenOptions) {
  return {
    ...(expiresIn === undefined ? {} : { expiresInDays: daysOf(expiresIn) }),
    ...(scope === undefined ? {} : { scope: { methods: scope } }),
  };
}

function showToken({ terminal, clock }: CommandContext, { token, expiresAt }: CreatedClientToken): void {
  terminal.print(token);
  const ends = expiresAt === null ? "never expires" : `expires ${relativeTime(expiresAt, clock.now())}`;
  terminal.note(`It ${ends} and is not shown again. Send it as: Authorization: Bearer ${token.slice(0, 8)}…`);
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
          { title: "State", cell: ({ state }) => state },
          { title: "Scope", cell: ({ scope }) => scope.methods.join(", ") },
          { title: "Created", cell: ({ createdAt }) => relativeTime(createdAt, clock.now()) },
          { title: "Last used", cell: ({ lastUsedAt }) => timeOr("never", lastUsedAt, clock.now()) },
          { title: "Ends", cell: (row) => timeOr("never", endOf(row), clock.now()) },
        ],
        items,
        terminal.colours.dim,
      );
      for (const line of lines) terminal.print(line);
    });
}

function endOf({ revokedAt, expiresAt }: ClientTokenView): string | null {
  return revokedAt ?? expiresAt;
}

function timeOr(otherwise: string, iso: string | null, nowMs: number): string {
  return iso === null ? otherwise : relativeTime(iso, nowMs);
}

function revokeTokenCommand(context: CommandContext): Command {
  return verb("revoke <deployment> <client>", "End a client's tokens at once, or one of them", [
    "token revoke iris shop",
    "token revoke iris shop --token wxyz",
  ])
    .option("--token <id>", "only this one: its id, or its last four characters; else all that the client has")
    .addOption(groupOption())
    .action(async (deployment: string, client: string, options: { group?: string; token?: string }) => {
      await context.api().call({
        method: "DELETE",
        path: pathOf("deployments", deployment, "tokens", client),
        query: { group: groupOf(options), ...(options.token === undefined ? {} : { token: options.token }) },
        answer: z.unknown(),
      });
      context.terminal.print(`token of ${client} for ${deployment} revoked`);
    });
}
