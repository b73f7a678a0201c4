import { useEffect, useState } from "react";
import { type Draft, draftKey, readDraft, writeDraft } from "./draft.ts";
import { isEqual } from "./manifest-value.ts";
import type { Editor, EditorStart } from "./use-editor.ts";

const KEEP_AFTER_MS = 250;

export type DraftState = {
  /** One from before that is neither restored nor discarded yet; until then it is not written over. */
  found: Draft | null;
  restore: () => void;
  discard: () => void;
  /** After the edit was applied: nothing is left to keep. */
  clear: () => void;
};

/** Keeps what is edited in this browser, so that neither an error nor a reload loses it. */
export function useDraft(editor: Editor, start: EditorStart, variety: string): DraftState {
  const key = `${draftKey(start.seen, start.group)}${variety}`;
  const [found, setFound] = useState<Draft | null>(null);
  const [isLookedUp, setLookedUp] = useState(false);
  const { value, source, base, seen, changes, take } = editor;

  useEffect(() => {
    const draft = readDraft(window.localStorage.getItem(key));
    if (draft !== null && !isEqual(draft.value, draft.base)) setFound(draft);
    setLookedUp(true);
  }, [key]);

  useEffect(() => {
    if (!isLookedUp || found !== null) return;
    const keep = () => {
      if (changes.length === 0) window.localStorage.removeItem(key);
      else keepDraft(key, { value, source, base, seen, savedAtMs: Date.now() });
    };
    const timer = setTimeout(keep, KEEP_AFTER_MS);
    window.addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", keep);
    };
  }, [isLookedUp, found, key, value, source, base, seen, changes.length]);

  const clear = () => window.localStorage.removeItem(key);
  return {
    found,
    restore() {
      if (found !== null) take(found);
      setFound(null);
    },
    discard() {
      clear();
      setFound(null);
    },
    clear,
  };
}

/** A browser whose storage is full or shut keeps nothing; the page itself still holds everything. */
function keepDraft(key: string, draft: Draft): void {
  try {
    window.localStorage.setItem(key, writeDraft(draft));
  } catch {
    window.localStorage.removeItem(key);
  }
}
