import type { ComponentProps } from "react";
import { Icon } from "./icon.tsx";

/** A field to search in, with its name for screen readers. */
export function SearchField({ label, className = "", ...rest }: ComponentProps<"input"> & { label: string }) {
  return (
    <label className={`relative block ${className}`}>
      <span className="sr-only">{label}</span>
      <Icon name="search" className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 text-ink-soft" />
      <input
        type="search"
        autoComplete="off"
        spellCheck={false}
        placeholder={label}
        {...rest}
        className="min-h-9 w-full rounded-md border border-outline bg-surface py-1.5 pr-3 pl-9 text-ink placeholder:text-ink-soft"
      />
    </label>
  );
}
