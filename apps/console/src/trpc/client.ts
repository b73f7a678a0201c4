import type { AppRouter } from "@slipway/api";
import type { TRPCClient } from "@trpc/client";
import { type Call, createCallBatcher } from "./call-batcher.ts";

export const URL_OF_API = "/api/trpc";

/** Every procedure of the API that answers; what streams is heard through news-stream.ts. */
export type Trpc = Omit<TRPCClient<AppRouter>, "live">;

/**
 * The API of this origin, with the browser's session. tRPC gives the types; its own client would be a fifteenth of all that
 * a page may weigh, most of it for what is not used here.
 */
export const trpc = createClient(createCallBatcher(URL_OF_API, (input, init) => fetch(input, init)));

/** Takes `client.a.b.query(input, { signal })` for the call of `a.b`. The router's types say what there is. */
function createClient(call: Call): Trpc;
function createClient(call: Call): unknown {
  const at = (path: readonly string[]): unknown =>
    new Proxy(() => undefined, {
      get: (_, key) => (typeof key === "symbol" ? undefined : at([...path, key])),
      apply(_, __, [input, options]: [unknown, { signal?: AbortSignal } | undefined]) {
        const kind = path.at(-1) === "query" ? "query" : "mutation";
        return call(kind, path.slice(0, -1).join("."), input, options?.signal);
      },
    });
  return at([]);
}
