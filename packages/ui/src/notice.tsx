import type { ReactNode } from "react";
import type { Tone } from "./badge.tsx";
import { Icon, type IconName } from "./icon.tsx";

const LOOKS: { readonly [Name in Tone]: { icon: IconName; border: string } } = {
  good: { icon: "check", border: "border-good text-good" },
  warn: { icon: "warning", border: "border-warn text-warn" },
  bad: { icon: "cross", border: "border-bad text-bad" },
  busy: { icon: "clock", border: "border-busy text-busy" },
  quiet: { icon: "question", border: "border-outline text-quiet" },
};

/** A sentence that stands above or instead of content: what is the matter, and what can be done. */
export function Notice({ tone, title, children }: { tone: Tone; title: ReactNode; children?: ReactNode }) {
  const { icon, border } = LOOKS[tone];
  return (
    <div className={`flex gap-3 rounded-lg border-l-4 bg-surface p-4 ${border}`}>
      <Icon name={icon} className="mt-0.5" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {children === undefined ? null : <div className="mt-1 text-ink">{children}</div>}
      </div>
    </div>
  );
}
