import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { INTERNAL_HEADERS } from "../../server-headers.ts";

export type ApiAnswer<Body> =
  | { ok: true; body: Body }
  /** The session may not see this. */
  | { ok: false; reason: "not allowed" }
  /** The address says something that the API refuses; in its words. */
  | { ok: false; reason: "refused"; words: string };

/**
 * Reads something for the first frame, asked of this process's own API with the browser's cookie. Who is not signed in is
 * sent to sign in.
 */
export async function readApi<Body>(path: string, query: Readonly<Record<string, string>>): Promise<ApiAnswer<Body>> {
  const url = new URL(`/api/v1${path}`, (await headers()).get(INTERNAL_HEADERS.apiOrigin) ?? "");
  for (const [name, value] of Object.entries(query)) if (value !== "") url.searchParams.set(name, value);
  const response = await fetch(url, { headers: { cookie: (await cookies()).toString() }, cache: "no-store" });
  if (response.status === 401) redirect("/sign-in");
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  if (response.status === 400) {
    const { error }: { error: string } = await response.json();
    return { ok: false, reason: "refused", words: error };
  }
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const body: Body = await response.json();
  return { ok: true, body };
}
