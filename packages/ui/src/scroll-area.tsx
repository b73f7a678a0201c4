import type { ReactNode } from "react";

/** Something larger than the page has room for, such as a long table; it scrolls by itself, by keyboard too. */
export function ScrollArea({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-[36rem] overflow-auto rounded-md border border-line">
      {children}
    </section>
  );
}
