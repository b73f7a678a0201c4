import type { DeploymentFacets, DeploymentRowPage, SavedView } from "@slipway/contracts";
import { headers } from "next/headers";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import { type ApiAnswer, readApi } from "../frame/read-api.ts";
import { filterParameters, type ListQuery, PAGE_ROWS } from "./list-query.ts";

/** What the first frame of the list is made of. */
export type FirstList = { part: DeploymentRowPage; facets: DeploymentFacets; views: SavedView[]; gatewayUrl: string };

/** Reads all of it at once, asked of this process's own API with the browser's cookie. */
export async function readList(query: ListQuery): Promise<ApiAnswer<FirstList>> {
  const filter = filterParameters(query);
  const page = { ...filter, sort: query.sort, limit: String(PAGE_ROWS) };
  const [part, facets, views] = await Promise.all([
    readApi<DeploymentRowPage>("/deployment-rows", page),
    readApi<DeploymentFacets>("/deployment-facets", filter),
    readApi<{ items: SavedView[] }>("/saved-views", { page: "deployments" }),
  ]);
  if (!part.ok) return part;
  if (!facets.ok) return facets;
  if (!views.ok) return views;
  const gatewayUrl = (await headers()).get(INTERNAL_HEADERS.gatewayUrl) ?? "";
  return { ok: true, body: { part: part.body, facets: facets.body, views: views.body.items, gatewayUrl } };
}
