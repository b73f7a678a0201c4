"use client";
import { ToastProvider } from "@slipway/ui/toast";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { failureOf } from "../../trpc/failure.ts";
import { isOutside } from "./pages.ts";
import type { Preferences } from "./preferences.ts";
import { SignedInFrame } from "./signed-in-frame.tsx";
import { OutsideBar } from "./top-bar.tsx";
import { PreferencesProvider } from "./use-preferences.tsx";

type Props = { preferences: Preferences; gatewayUrl: string; children: ReactNode };

/** What stands around every page and stays when another one opens: navigation, header, messages, choices. */
export function Shell({ preferences, gatewayUrl, children }: Props) {
  const isSignedOut = isOutside(usePathname());
  return (
    <PreferencesProvider initial={preferences}>
      <ToastProvider describeError={(error) => failureOf(error).words}>
        <a
          href="#content"
          className="sr-only rounded bg-surface px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
        >
          Skip to the content
        </a>
        {isSignedOut ? (
          <>
            <OutsideBar />
            {children}
          </>
        ) : (
          <SignedInFrame gatewayUrl={gatewayUrl}>{children}</SignedInFrame>
        )}
      </ToastProvider>
    </PreferencesProvider>
  );
}
