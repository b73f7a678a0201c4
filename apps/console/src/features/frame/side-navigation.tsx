"use client";
import { Icon } from "@slipway/ui/icon";
import { lazy, memo, Suspense, useId, useState } from "react";
import { Brand } from "./brand.tsx";
import { NARROW_WORD, PageLinks } from "./page-links.tsx";
import { usePreferences } from "./use-preferences.tsx";

/** Fetched when they are first asked for. */
const AccountSettings = lazy(() => import("./account-settings.tsx"));

const FOOT_BUTTON =
  "group relative flex min-h-9 w-full cursor-pointer items-center gap-3 rounded-md px-2.5 text-left text-ink-soft text-sm hover:bg-hover hover:text-ink";

/** The navigation at the left of wide screens: the pages above, one's own choices below. Narrow, it is icons. */
export const SideNavigation = memo(function SideNavigation() {
  const { preferences, choose } = usePreferences();
  const isNarrow = preferences.isNavNarrow;
  const word = isNarrow ? NARROW_WORD : "";
  return (
    <nav
      aria-label="Pages"
      className={`sticky top-0 z-40 hidden h-dvh shrink-0 flex-col border-line border-r bg-surface lg:flex ${
        isNarrow ? "w-14" : "w-56"
      }`}
    >
      <div className="flex min-h-14 items-center px-3">
        <Brand isWordHidden={isNarrow} />
      </div>
      <div className="flex-1 px-2 py-2">
        <PageLinks isNarrow={isNarrow} />
      </div>
      <div className="grid gap-1 border-line border-t px-2 py-2">
        <button type="button" onClick={() => choose("isNavNarrow", !isNarrow)} className={FOOT_BUTTON}>
          <Icon name={isNarrow ? "widen" : "narrow"} />
          <span className={word}>{isNarrow ? "Widen" : "Narrow"}</span>
          <span className="sr-only"> the navigation</span>
        </button>
        <AccountMenu word={word} />
      </div>
    </nav>
  );
});

/** Opens the choices above itself; the browser closes them on Escape and on a press elsewhere. */
function AccountMenu({ word }: { word: string }) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" popoverTarget={id} className={FOOT_BUTTON}>
        <Icon name="person" />
        <span className={word}>Account</span>
      </button>
      <section
        id={id}
        popover="auto"
        aria-label="Account"
        onToggle={({ newState }) => setOpen(newState === "open")}
        className="fixed inset-auto bottom-14 left-2 w-72 rounded-xl border border-line bg-surface p-4 text-ink shadow-lg"
      >
        <Suspense>{isOpen ? <AccountSettings /> : null}</Suspense>
      </section>
    </>
  );
}
