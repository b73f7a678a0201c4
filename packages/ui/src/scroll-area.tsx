import type { ReactNode } from "react";

/** Something wider than the page, such as a table of many columns; it scrolls by itself, by keyboard too. */
export function ScrollArea({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="overflow-x-auto rounded-md border border-line">
      {children}
    </section>
  );
}
