import type { ResourceView } from "@slipway/contracts";
import { cookies, headers } from "next/headers";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import type { DeploymentKey } from "./deployment-path.ts";

export type DeploymentAnswer =
  | { ok: true; resource: ResourceView; gatewayUrl: string }
  | { ok: false; reason: "signed out" | "not allowed" | "not found" };

/** The deployment for the first frame, asked of this process's own API with the browser's cookie. */
export async function readDeployment({ group, name }: DeploymentKey): Promise<DeploymentAnswer> {
  const incoming = await headers();
  const url = new URL(
    `/api/v1/deployments/${encodeURIComponent(name)}`,
    incoming.get(INTERNAL_HEADERS.apiOrigin) ?? "",
  );
  url.searchParams.set("group", group);
  const response = await fetch(url, { headers: { cookie: (await cookies()).toString() }, cache: "no-store" });
  if (response.status === 401) return { ok: false, reason: "signed out" };
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  // A name or group that breaks the rules of names cannot exist either.
  if (response.status === 404 || response.status === 400) return { ok: false, reason: "not found" };
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const resource: ResourceView = await response.json();
  return { ok: true, resource, gatewayUrl: incoming.get(INTERNAL_HEADERS.gatewayUrl) ?? "" };
}
