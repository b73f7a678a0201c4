"use client";
import { useId } from "react";
import { usePreferences } from "./use-preferences.tsx";

/** Turns the keys off that are pressed without Control; it holds at once and stays. */
export function ShortcutSwitch() {
  const { preferences, choose } = usePreferences();
  const id = useId();
  return (
    <p className="flex min-h-8 items-center gap-2 text-sm">
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={preferences.hasShortcuts}
        checked={preferences.hasShortcuts}
        onChange={({ target }) => choose("hasShortcuts", target.checked)}
        className="size-5 cursor-pointer accent-accent"
      />
      <label htmlFor={id} className="cursor-pointer">
        Shortcuts of a single key
      </label>
    </p>
  );
}
