"use client";
import { Icon } from "@slipway/ui/icon";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";
import { isBelow, PAGES, withGroup } from "./pages.ts";

type Props = { isNarrow: boolean; onChosen?: () => void };

/** The pages there are, for the same group; the one that is open is marked. Narrow, their words show on hover and focus. */
export function PageLinks({ isNarrow, onChosen }: Props) {
  const pathname = usePathname();
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  return (
    <ul className="grid gap-1">
      {PAGES.map(({ path, word, icon }) => (
        <li key={path}>
          <Link
            href={withGroup(path, group)}
            aria-current={isBelow(path, pathname) ? "page" : undefined}
            {...(onChosen === undefined ? {} : { onClick: onChosen })}
            className="group relative flex min-h-9 items-center gap-3 rounded-md px-2.5 text-ink-soft text-sm hover:bg-hover hover:text-ink aria-[current=page]:bg-busy-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            <Icon name={icon} className="group-aria-[current=page]:text-accent" />
            <span className={isNarrow ? NARROW_WORD : ""}>{word}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** A word that is there for screen readers, and beside its icon for those who point at it. */
export const NARROW_WORD =
  "sr-only group-hover:not-sr-only group-focus-visible:not-sr-only group-hover:absolute group-focus-visible:absolute left-full ml-2 z-40 whitespace-nowrap rounded border-line bg-surface text-ink shadow-md group-hover:border group-hover:px-2 group-hover:py-1 group-focus-visible:border group-focus-visible:px-2 group-focus-visible:py-1";
