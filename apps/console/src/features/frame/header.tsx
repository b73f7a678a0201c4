import Link from "next/link";
import type { ReactNode } from "react";
import { GroupSwitch } from "./group-switch.tsx";
import { NavLinks } from "./nav-links.tsx";
import type { Theme } from "./theme.ts";
import { ThemeToggle } from "./theme-toggle.tsx";

type Props = { theme: Theme; isSignedIn: boolean; signOut: ReactNode };

/** The bar above every page: where one is, for which group, and how to leave. */
export function Header({ theme, isSignedIn, signOut }: Props) {
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-surface">
      <a
        href="#content"
        className="sr-only rounded bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-40"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex max-w-[90rem] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
        <Link
          href="/deployments"
          className="flex min-h-8 items-center gap-2 rounded font-semibold text-lg tracking-tight"
        >
          <Mark />
          Slipway
        </Link>
        {isSignedIn ? <NavLinks /> : null}
        <div className="ml-auto flex flex-wrap items-center gap-1">
          {isSignedIn ? <GroupSwitch /> : null}
          <ThemeToggle initial={theme} />
          {signOut}
        </div>
      </div>
    </header>
  );
}

/** A hull on its way down a ramp. */
function Mark() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className="size-6 text-accent"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M4 8.5l15-3.5-2.4 6.4L6.8 13.8z" fill="currentColor" fillOpacity="0.2" />
      <path d="M2.5 19.5l19-5" />
    </svg>
  );
}
