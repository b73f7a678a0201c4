import type { DeploymentRow, DeploymentRowPage, ResourceView } from "@slipway/contracts";
import * as z from "zod";
import type { Context } from "../context.ts";
import { resourceRow, SELECT_RESOURCES, toResourceView } from "../resource/resource-row.ts";
import { findPage, type ListDeployments } from "./find-page.ts";
import { readRows } from "./read-rows.ts";

/** A page of the deployments that match a filter, as the lines of a list. @throws what `findPage` throws */
export async function listDeploymentRows(ctx: Context, input: ListDeployments): Promise<DeploymentRowPage> {
  const { entries, next } = await findPage(ctx, input);
  const uids = entries.map(({ uid }) => uid);
  const rows = await readRows(ctx, uids, input.stuckMinutes);
  const byUid = new Map(rows.map((row) => [row.uid, row]));
  return { items: inOrder<DeploymentRow>(entries, byUid), next };
}

/** The same page as whole resources. @throws what `findPage` throws */
export async function listDeployments(
  ctx: Context,
  input: ListDeployments,
): Promise<{ items: ResourceView[]; next: string | null }> {
  const { entries, next } = await findPage(ctx, input);
  const { rows } = await ctx.db.pool.query(`${SELECT_RESOURCES} WHERE r.uid = ANY($1::uuid[])`, [
    entries.map(({ uid }) => uid),
  ]);
  const byUid = new Map(
    z
      .array(resourceRow)
      .parse(rows)
      .map((row) => [row.uid, toResourceView(row)]),
  );
  return { items: inOrder<ResourceView>(entries, byUid), next };
}

/** What went between two statements is left out; the next page begins where it would have. */
function inOrder<Item>(entries: readonly { uid: string }[], byUid: ReadonlyMap<string, Item>): Item[] {
  return entries.flatMap(({ uid }) => byUid.get(uid) ?? []);
}
