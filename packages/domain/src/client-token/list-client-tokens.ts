import { type ClientTokenView, SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { findResources } from "../resource/resource-row.ts";
import { type DeploymentRef, deploymentRef } from "./lock-deployment.ts";

export const tokenRow = z.object({
  client: z.string(),
  hint: z.string(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  /** A bigint as Prisma reads it, or the text that a plain query gives. */
  calls: z.coerce.number(),
});

/** The tokens of a deployment, also those that ended, by client and the newest first. @throws resource/not_found */
export async function listClientTokens(ctx: Context, ref: DeploymentRef): Promise<ClientTokenView[]> {
  authorise(ctx.actor, "token.read");
  const [found] = await findResources(ctx.db.pool, [deploymentRef(ref)], { lock: false });
  if (found === undefined) throw new SlipwayError("resource/not_found", { kind: "Deployment", name: ref.deployment });
  const rows = await ctx.db.prisma.clientToken.findMany({
    where: { deploymentUid: found.uid },
    orderBy: [{ client: "asc" }, { createdAt: "desc" }],
  });
  return rows.map((row) => toTokenView(ref.deployment, tokenRow.parse(row)));
}

/** What may be shown of a token. */
export function toTokenView(deployment: string, row: z.output<typeof tokenRow>): ClientTokenView {
  return {
    client: row.client,
    deployment,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    calls: row.calls,
  };
}
