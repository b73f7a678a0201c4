import { useEffect, useEffectEvent, useRef, useState } from "react";
import { isSigningInAgain } from "../session/sign-in-again.ts";
import { type Draft, draftKey, readDraft, writeDraft } from "./draft.ts";
import { isEqual } from "./manifest-value.ts";
import type { Editor, EditorStart } from "./use-editor.ts";

const KEEP_AFTER_MS = 250;

export type DraftState = {
  /** One from before that is neither restored nor discarded yet; until then it is not written over. */
  found: Draft | null;
  /** What was typed before the session ended is back. */
  isBack: boolean;
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
  const isCleared = useRef(false);
  const [isBack, setBack] = useState(false);
  const { value, source, base, seen, changes, take } = editor;
  const meet = useEffectEvent((draft: Draft) => {
    if (!draft.isInterrupted) return setFound(draft);
    take(draft);
    setBack(true);
  });

  useEffect(() => {
    const draft = readDraft(window.localStorage.getItem(key));
    if (draft !== null && !isEqual(draft.value, draft.base)) meet(draft);
    setLookedUp(true);
  }, [key]);

  const keep = useEffectEvent(() => {
    if (!isLookedUp || found !== null || isCleared.current) return;
    if (changes.length === 0) window.localStorage.removeItem(key);
    else keepDraft(key, { value, source, base, seen, savedAtMs: Date.now(), isInterrupted: isSigningInAgain() });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a moment after each change of what is kept
  useEffect(() => {
    const timer = setTimeout(() => keep(), KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLookedUp, found, key, value, source, base, seen]);
  // Whoever leaves within that moment, for another page of the console or any other, loses nothing either.
  useEffect(() => {
    const onHide = () => keep();
    window.addEventListener("pagehide", onHide);
    return () => {
      window.removeEventListener("pagehide", onHide);
      keep();
    };
  }, []);

  function clear() {
    isCleared.current = true;
    window.localStorage.removeItem(key);
  }
  return {
    found,
    isBack: isBack && changes.length > 0,
    restore() {
      if (found !== null) take(found);
      setFound(null);
    },
    discard() {
      window.localStorage.removeItem(key);
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
