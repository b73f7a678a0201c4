"use client";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { GROUP_PARAMETER } from "./group.ts";

const PAGES = [
  { path: "/deployments", word: "Deployments" },
  { path: "/servers", word: "Servers" },
  { path: "/activity", word: "Activity" },
] as const;

/** The pages there are, for the same group; the one that is open is marked. */
export function NavLinks() {
  const pathname = usePathname();
  const group = useSearchParams().get(GROUP_PARAMETER);
  const query = group === null ? "" : `?${GROUP_PARAMETER}=${encodeURIComponent(group)}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap gap-x-3 max-sm:order-last max-sm:w-full">
      {PAGES.map(({ path, word }) => {
        const isOpen = pathname === path || pathname.startsWith(`${path}/`);
        return (
          <Link
            key={path}
            href={`${path}${query}`}
            aria-current={isOpen ? "page" : undefined}
            className={`flex min-h-8 items-center border-b-2 px-1 font-medium text-sm ${
              isOpen ? "border-accent text-ink" : "border-transparent text-ink-soft hover:border-outline hover:text-ink"
            }`}
          >
            {word}
          </Link>
        );
      })}
    </nav>
  );
}
