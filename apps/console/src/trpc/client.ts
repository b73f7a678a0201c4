import type { AppRouter } from "@slipway/api";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";

const URL_OF_API = "/api/trpc";

/** The API of this origin, with the browser's session. Calls of one moment go as one request; news come as a stream. */
export const trpc = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: httpSubscriptionLink({ url: URL_OF_API }),
      false: httpBatchLink({ url: URL_OF_API }),
    }),
  ],
});
export type Trpc = typeof trpc;
