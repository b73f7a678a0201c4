import type { ReactNode } from "react";

/** A page's content; what stands around it is the shell of every page. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-[90rem] px-4 py-6 outline-none sm:px-6">
      {children}
    </main>
  );
}
