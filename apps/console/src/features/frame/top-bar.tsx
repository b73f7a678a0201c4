"use client";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { lazy, memo, Suspense, useState } from "react";
import { Brand } from "./brand.tsx";
import { GroupSwitch } from "./group-switch.tsx";
import { LiveState } from "./live-state.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** Fetched when it is first asked for. */
const SmallMenu = lazy(() => import("./small-menu.tsx"));

type Props = { openPalette: () => void; openHelp: () => void };

/** The bar above every page: for which group it speaks; on a small screen also the way to everything else. */
export const TopBar = memo(function TopBar({ openPalette, openHelp }: Props) {
  const [isMenuOpen, setMenuOpen] = useState(false);
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-surface">
      <div className="mx-auto flex min-h-14 max-w-[90rem] items-center gap-x-2 px-4 py-2 sm:gap-x-4 sm:px-6">
        <span className="flex items-center gap-1 lg:hidden">
          <Button look="quiet" aria-label="Menu" aria-haspopup="dialog" onClick={() => setMenuOpen(true)}>
            <Icon name="menu" />
          </Button>
          <span className="max-sm:hidden">
            <Brand />
          </span>
        </span>
        <GroupSwitch />
        <div className="ml-auto flex items-center gap-1 sm:gap-3">
          <div role="status" aria-live="polite" className="flex">
            <LiveState />
          </div>
          <Button
            onClick={openPalette}
            aria-keyshortcuts="Control+K Meta+K"
            aria-haspopup="dialog"
            className="max-sm:border-transparent max-sm:px-2 sm:min-w-44 sm:justify-start sm:font-normal sm:text-ink-soft"
          >
            <Icon name="search" />
            <span className="max-sm:sr-only">Search</span>
            <kbd className="ml-auto font-mono text-xs max-sm:hidden">Ctrl K</kbd>
          </Button>
          <Button look="quiet" onClick={openHelp} aria-label="Help" aria-haspopup="dialog">
            <Icon name="question" />
          </Button>
        </div>
      </div>
      <Suspense>{isMenuOpen ? <SmallMenu onClose={() => setMenuOpen(false)} /> : null}</Suspense>
    </header>
  );
});

/** The bar above the pages of those who are not signed in. */
export function OutsideBar() {
  return (
    <header className="border-line border-b bg-surface">
      <div className="mx-auto flex min-h-14 max-w-[90rem] flex-wrap items-center justify-between gap-2 px-4 py-2 sm:px-6">
        <Brand />
        <ThemeChoice />
      </div>
    </header>
  );
}
