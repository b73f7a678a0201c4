import { cookies, headers } from "next/headers";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import { type DeploymentsPart, PAGE_ROWS } from "./deployments-part.ts";

export type DeploymentsAnswer =
  | { ok: true; part: DeploymentsPart; gatewayUrl: string }
  | { ok: false; reason: "signed out" | "not allowed" };

/** The first part of the list for the first frame, asked of this process's own API with the browser's cookie. */
export async function readDeployments(query: { group: string; search: string }): Promise<DeploymentsAnswer> {
  const incoming = await headers();
  const url = new URL("/api/v1/deployments", incoming.get(INTERNAL_HEADERS.apiOrigin) ?? "");
  url.searchParams.set("group", query.group);
  url.searchParams.set("limit", String(PAGE_ROWS));
  if (query.search !== "") url.searchParams.set("search", query.search);
  const response = await fetch(url, { headers: { cookie: (await cookies()).toString() }, cache: "no-store" });
  if (response.status === 401) return { ok: false, reason: "signed out" };
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const part: DeploymentsPart = await response.json();
  return { ok: true, part, gatewayUrl: incoming.get(INTERNAL_HEADERS.gatewayUrl) ?? "" };
}
