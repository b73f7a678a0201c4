"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { SideNavigation } from "./side-navigation.tsx";
import { TopBar } from "./top-bar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** Fetched when they are first asked for. */
const Palette = dynamic(() => import("./palette.tsx"), { ssr: false });
const HelpDialog = dynamic(() => import("./help-dialog.tsx"), { ssr: false });

type Open = "palette" | "help" | null;

/** Navigation, header, and what one can call up anywhere: the palette and the help. */
export function SignedInFrame({ gatewayUrl, children }: { gatewayUrl: string; children: ReactNode }) {
  const [open, setOpen] = useState<Open>(null);
  const openPalette = () => setOpen("palette");
  const openHelp = () => setOpen("help");
  const close = () => setOpen(null);
  useShortcuts({ openPalette, openHelp });
  return (
    <div className="lg:flex">
      <SideNavigation />
      <div className="min-w-0 flex-1">
        <TopBar openPalette={openPalette} openHelp={openHelp} />
        {children}
      </div>
      {open === "palette" ? <Palette gatewayUrl={gatewayUrl} onClose={close} openHelp={openHelp} /> : null}
      {open === "help" ? <HelpDialog onClose={close} /> : null}
    </div>
  );
}
