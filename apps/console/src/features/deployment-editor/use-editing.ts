import { useState } from "react";
import { useLiveState } from "../../trpc/use-live-state.ts";
import { useNow } from "../deployments/use-now.ts";
import { fieldText } from "./form-fields.ts";
import { type FormProblem, formProblems } from "./problem-list.ts";
import type { Hints } from "./schema-hints.ts";
import { type DraftState, useDraft } from "./use-draft.ts";
import { type Editor, type EditorStart, useEditor } from "./use-editor.ts";
import { type Leaving, useLeaveGuard } from "./use-leave-guard.ts";
import { type NameState, useNameCheck } from "./use-name-check.ts";
import { type Preflight, usePreflight } from "./use-preflight.ts";

const CLOCK_EVERY_MS = 10_000;
const NOT_ALLOWED = "auth/forbidden";
const AWAY = "Slipway does not answer. What you typed stays, and is checked when Slipway is back.";

/** What both forms hold: the manifest, its draft, and what the API says of it. */
export type Editing = {
  editor: Editor;
  hints: Hints;
  draft: DraftState;
  preflight: Preflight;
  problems: readonly FormProblem[];
  /** Raised by each try to submit that found something: all is said then, and the focus goes there. */
  refusals: number;
  refuse: () => void;
  nameState: NameState;
  /** The name was typed by a person, so a title proposes none any more. */
  isNameOwn: boolean;
  ownName: () => void;
  leaving: Leaving;
  /** What was edited is applied: nothing is left to keep or to ask about. */
  isDone: boolean;
  finish: () => void;
  /** The person may not do this; empty when they may. */
  forbiddenWhy: string;
  /** How it stands with the API; empty when there is nothing to say. */
  standing: string;
  nowMs: number;
};

type Begin = {
  start: EditorStart;
  hints: Hints;
  /** Tells drafts of new deployments that began in different ways apart. */
  variety: string;
  /** The page that the form belongs to. */
  above: string;
  nowMs: number;
};

/** Holds a form from what it begins with until it is done. */
export function useEditing({ start, hints, variety, above, nowMs }: Begin): Editing {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const editor = useEditor(start);
  const draft = useDraft(editor, start, variety);
  const [refusals, setRefusals] = useState(0);
  const [isNameOwn, setNameOwn] = useState(false);
  const [isDone, setDone] = useState(false);
  const preflight = usePreflight(editor, editor.isNew && refusals > 0);
  const nameState = useNameCheck(fieldText(editor.value, "name", ""), start.group, editor.isNew);
  const leaving = useLeaveGuard(editor.changes.length > 0 && !isDone, above);
  const { live } = useLiveState();
  const { failure } = preflight;
  const isForbidden = failure?.code === NOT_ALLOWED;
  return {
    editor,
    hints,
    draft,
    preflight,
    problems: formProblems(preflight.latest?.problems ?? [], nameState),
    refusals,
    refuse: () => setRefusals((count) => count + 1),
    nameState,
    isNameOwn,
    ownName: () => setNameOwn(true),
    leaving,
    isDone,
    finish() {
      setDone(true);
      draft.clear();
    },
    forbiddenWhy: isForbidden ? failure.words : "",
    standing: standingWords(
      live.state === "stale",
      isForbidden ? null : (failure?.words ?? null),
      editor.changes.length,
    ),
    nowMs: now,
  };
}

function standingWords(isAway: boolean, failure: string | null, changes: number): string {
  if (isAway) return AWAY;
  if (failure === null) return "";
  return changes === 0 ? failure : `${failure} What you typed is kept in this browser.`;
}
