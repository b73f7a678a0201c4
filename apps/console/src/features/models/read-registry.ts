import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { INTERNAL_HEADERS } from "../../server-headers.ts";

export type RegistryAnswer<Body> = { ok: true; body: Body } | { ok: false; reason: "not allowed" | "not found" };

/** Reads one thing of the registry for the first frame, asked of this process's own API with the browser's cookie. */
export async function readRegistry<Body>(
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<RegistryAnswer<Body>> {
  const url = new URL(`/api/v1/registry${path}`, (await headers()).get(INTERNAL_HEADERS.apiOrigin) ?? "");
  for (const [name, value] of Object.entries(query)) if (value !== "") url.searchParams.set(name, value);
  const response = await fetch(url, { headers: { cookie: (await cookies()).toString() }, cache: "no-store" });
  if (response.status === 401) redirect("/sign-in");
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  // A name, number or place that breaks the rules cannot exist either.
  if (response.status === 404 || response.status === 400) return { ok: false, reason: "not found" };
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const body: Body = await response.json();
  return { ok: true, body };
}
