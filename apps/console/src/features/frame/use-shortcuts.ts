import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useRef } from "react";
import { pathOfNew } from "../deployment/deployment-path.ts";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";
import { listAbove, withGroup } from "./pages.ts";
import { matchPress, type ShortcutAction } from "./shortcuts.ts";
import { useGo } from "./use-go.ts";
import { usePreferences } from "./use-preferences.tsx";

/** The second key of a pair must come within this. */
const PAIR_MS = 1_500;

type Open = { openPalette: () => void; openHelp: () => void };

/** Listens for shortcuts as long as the frame is there. */
export function useShortcuts({ openPalette, openHelp }: Open): void {
  const go = useGo();
  const pathname = usePathname();
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  const { preferences } = usePreferences();
  const pending = useRef<{ keys: readonly string[]; atMs: number }>({ keys: [], atMs: 0 });

  /** False where there is nothing to do, so that the key stays the browser's. */
  function perform(action: ShortcutAction): boolean {
    switch (action.do) {
      case "palette":
        openPalette();
        return true;
      case "help":
        openHelp();
        return true;
      case "search":
        if (!focusSearch()) openPalette();
        return true;
      case "new":
        go(pathOfNew(group));
        return true;
      case "go":
        go(withGroup(action.path, group));
        return true;
      case "back": {
        const list = listAbove(pathname);
        if (list !== null) go(withGroup(list, group));
        return list !== null;
      }
      default:
        return action satisfies never;
    }
  }

  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const before = event.timeStamp - pending.current.atMs < PAIR_MS ? pending.current.keys : [];
    const press = {
      key: event.key,
      hasMod: event.ctrlKey || event.metaKey,
      hasAlt: event.altKey,
      isTyping: isTyping(event.target),
      isCovered: document.querySelector("dialog[open], :popover-open") !== null,
    };
    const { action, pending: keys } = matchPress(before, press, { areSingleKeysOn: preferences.hasShortcuts });
    pending.current = { keys, atMs: event.timeStamp };
    if (action !== null && perform(action)) event.preventDefault();
  });
  useEffect(() => {
    // On the window, after every control had its turn: what one of them has used is used up.
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select";
  return target.isContentEditable || target.matches(field);
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("main input[type=search]");
  field?.focus();
  field?.select();
  return field !== null;
}
