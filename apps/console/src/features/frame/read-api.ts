import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import { pathOfSignIn } from "../session/sign-in-page.ts";

type Query = Readonly<Record<string, string>>;
type NotAllowed = { ok: false; reason: "not allowed" };

export type ApiAnswer<Body> =
  | { ok: true; body: Body }
  /** The session may not see this. */
  | NotAllowed
  /** The address says something that the API refuses; in its words. */
  | { ok: false; reason: "refused"; words: string };

/** As of one object, which may not be there. */
export type ObjectAnswer<Body> = { ok: true; body: Body } | NotAllowed | { ok: false; reason: "not found" };

/**
 * Reads something for the first frame, asked of this process's own API with the browser's cookie. Who is not signed in is
 * sent to sign in, and comes back.
 */
export async function readApi<Body>(path: string, query: Query): Promise<ApiAnswer<Body>> {
  const response = await askApi(path, query);
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  if (response.status === 400) {
    const { error }: { error: string } = await response.json();
    return { ok: false, reason: "refused", words: error };
  }
  return { ok: true, body: await readBody(response) };
}

/** The same for one object that an address names. */
export async function readObject<Body>(path: string, query: Query): Promise<ObjectAnswer<Body>> {
  const response = await askApi(path, query);
  if (response.status === 403) return { ok: false, reason: "not allowed" };
  // What breaks the rules of names or numbers cannot exist either.
  if (response.status === 404 || response.status === 400) return { ok: false, reason: "not found" };
  return { ok: true, body: await readBody(response) };
}

async function askApi(path: string, query: Query): Promise<Response> {
  const incoming = await headers();
  const url = new URL(`/api/v1${path}`, incoming.get(INTERNAL_HEADERS.apiOrigin) ?? "");
  for (const [name, value] of Object.entries(query)) if (value !== "") url.searchParams.set(name, value);
  const requestId = incoming.get(INTERNAL_HEADERS.requestId) ?? "";
  const told = { cookie: (await cookies()).toString(), "x-request-id": requestId };
  const response = await fetch(url, { headers: told, cache: "no-store" }).catch((cause: unknown) => {
    throw new PageFailure("the API did not answer", requestId, { cause });
  });
  if (response.status === 401) redirect(pathOfSignIn(incoming.get(INTERNAL_HEADERS.pageAddress) ?? ""));
  if (response.status >= 500) throw new PageFailure(`the API answered ${response.status} to ${path}`, requestId);
  return response;
}

async function readBody<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const body: Body = await response.json();
  return body;
}

/** A page that cannot be made. Next shows a browser nothing of an error but its digest, so that is the request's id. */
class PageFailure extends Error {
  readonly digest: string;

  constructor(message: string, requestId: string, options?: ErrorOptions) {
    super(message, options);
    this.digest = requestId;
  }
}
