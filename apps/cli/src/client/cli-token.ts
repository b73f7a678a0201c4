import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createdClientToken, type ResourceView } from "@slipway/contracts";
import { type Clock, writeFileAtomically } from "@slipway/service-kit";
import * as z from "zod";
import { type ApiClient, pathOf } from "./api-client.ts";

/** The client whose tokens the command line itself calls private deployments with. */
export const CLI_CLIENT = "cli";
const CLI_TOKEN_DAYS = 1;
/** A token that ends sooner than this is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000;

const storedTokens = z.record(z.string(), z.object({ token: z.string(), expiresAt: z.string().nullable() }));

/** Tokens of client `cli`, kept in the data directory (0600) so that commands at the same time share one. */
export type CliTokens = {
  /** A token for a deployment; a new one where none is kept or the kept one is `refused`. */
  tokenFor(deployment: ResourceView, refused?: string): Promise<string>;
};

/** Opens the store of this data directory. */
export function createCliTokens(dataDir: string, api: ApiClient, clock: Clock): CliTokens {
  const path = join(dataDir, "cli-tokens.json");
  const read = () => {
    try {
      return storedTokens.parse(JSON.parse(readFileSync(path, "utf8")));
    } catch {
      return {};
    }
  };
  return {
    async tokenFor({ metadata }, refused) {
      const kept = read()[metadata.uid];
      const isFresh =
        kept !== undefined && (kept.expiresAt === null || Date.parse(kept.expiresAt) - clock.now() > RENEW_BEFORE_MS);
      if (isFresh && kept.token !== refused) return kept.token;
      const created = await api.call({
        method: "POST",
        path: pathOf("deployments", metadata.name, "tokens"),
        query: { group: metadata.group },
        body: { client: CLI_CLIENT, expiresInDays: CLI_TOKEN_DAYS, renew: true },
        answer: createdClientToken,
      });
      const next = { ...read(), [metadata.uid]: { token: created.token, expiresAt: created.expiresAt } };
      writeFileAtomically(path, `${JSON.stringify(next)}\n`);
      return created.token;
    },
  };
}
