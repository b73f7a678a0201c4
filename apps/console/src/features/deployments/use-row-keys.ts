import { type RefObject, useEffect, useEffectEvent } from "react";

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/**
 * J and K go from line to line, and Enter opens the line that has the focus, for it stands on its link. The arrows do the
 * same from a line. `hasSingleKeys`: keys without Control may do something.
 */
export function useRowKeys(list: RefObject<HTMLElement | null>, hasSingleKeys: boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const isArrow = event.key.startsWith("Arrow");
    const here = document.activeElement;
    const isOnLink = here?.matches("[data-row-link]") === true;
    if (isArrow ? !isOnLink : !hasSingleKeys || isElsewhere(here)) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
    const line = here?.closest("[data-uid]");
    const at = links.findIndex((link) => line?.contains(link) === true);
    const next = links[at === -1 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Where a key is typed into, or belongs to something that lies over the page. */
function isElsewhere(here: Element | null): boolean {
  if (here === null) return false;
  const isField = here.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  return isField || here.closest("dialog, [popover]") !== null;
}
