"use client";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { signInAgain } from "../features/session/sign-in-again.ts";
import { isSignedOut } from "./call-error.ts";

/** Holds what pages have read. A session that ended leads to the sign-in page, whichever call found out. */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({
          onError: (error) => {
            if (isSignedOut(error)) signInAgain();
          },
        }),
        // What is read stays right until the live feed says otherwise.
        defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: (_, error) => !isSignedOut(error) } },
      }),
  );
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
}
