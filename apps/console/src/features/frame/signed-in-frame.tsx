"use client";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { SideNavigation } from "./side-navigation.tsx";
import { TopBar } from "./top-bar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** Fetched when they are first asked for. */
const Palette = lazy(() => import("./palette.tsx"));
const HelpDialog = lazy(() => import("./help-dialog.tsx"));

type Open = "palette" | "help" | null;

/** Navigation, header, and what one can call up anywhere: the palette and the help. */
export function SignedInFrame({ gatewayUrl, children }: { gatewayUrl: string; children: ReactNode }) {
  const [open, setOpen] = useState<Open>(null);
  const openPalette = useCallback(() => setOpen("palette"), []);
  const openHelp = useCallback(() => setOpen("help"), []);
  const close = () => setOpen(null);
  useShortcuts({ openPalette, openHelp });
  return (
    <div className="lg:flex">
      <SideNavigation />
      <div className="min-w-0 flex-1">
        <TopBar openPalette={openPalette} openHelp={openHelp} />
        {children}
      </div>
      <Suspense>
        {open === "palette" ? <Palette gatewayUrl={gatewayUrl} onClose={close} openHelp={openHelp} /> : null}
        {open === "help" ? <HelpDialog onClose={close} /> : null}
      </Suspense>
    </div>
  );
}
