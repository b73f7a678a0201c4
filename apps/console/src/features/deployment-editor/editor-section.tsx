import type { ReactNode } from "react";

/** The parts of the form, in their order; each is an anchor of the page. */
export const SECTIONS = [
  { id: "model", title: "Model" },
  { id: "details", title: "Details" },
  { id: "scaling", title: "Resources and scaling" },
  { id: "access", title: "Access" },
  { id: "limits", title: "Limits" },
] as const;
export type SectionId = (typeof SECTIONS)[number]["id"];

/** One part of the form below its heading. */
export function EditorSection({ id, children }: { id: SectionId; children: ReactNode }) {
  const title = SECTIONS.find((section) => section.id === id)?.title;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id={`${id}-title`} className="mb-4 font-semibold text-lg">
        {title}
      </h2>
      <div className="grid gap-4">{children}</div>
    </section>
  );
}
