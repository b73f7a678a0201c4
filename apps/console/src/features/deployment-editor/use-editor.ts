import { useEffect, useMemo, useState } from "react";
import type { Seen } from "./draft.ts";
import { type FieldName, PATHS } from "./form-fields.ts";
import { changesBetween, isEqual, setIn, type Tree, type ValueChange } from "./manifest-value.ts";
import type { TextProblem } from "./yaml-text.ts";

/** What an editor begins with; `seen` null = a new deployment. */
export type EditorStart = {
  value: Tree;
  /** What the page was opened to change it to; unsaid = nothing yet. */
  wanted?: Tree;
  source: string;
  seen: Seen | null;
  group: string;
};

export type EditorState = {
  value: Tree;
  /** What the changes are counted from. */
  base: Tree;
  seen: Seen | null;
  /** The text whose comments and order are kept. */
  source: string;
  textProblems: readonly TextProblem[];
  touched: ReadonlySet<FieldName>;
};

type YamlModule = typeof import("./yaml-text.ts");

/** What a page that edits a manifest holds. */
export type Editor = EditorState & {
  isNew: boolean;
  group: string;
  changes: ValueChange[];
  /** The manifest as text; null until the library for it has come, which the first change calls for. */
  text: string | null;
  /** The library for texts did not come. */
  isTextUnreachable: boolean;
  put: (name: FieldName, value: unknown) => void;
  touch: (name: FieldName) => void;
  putAll: (value: Tree) => void;
  writeText: (text: string) => void;
  /** Back to the last text that could be read. */
  mendText: () => void;
  /** Takes a whole state in: a draft, or what a merge came to. */
  take: (state: Pick<EditorState, "value" | "base" | "seen" | "source">) => void;
  loadText: () => void;
};

/** Holds a manifest that form and text edit together. */
export function useEditor(start: EditorStart): Editor {
  const [state, setState] = useState<EditorState>(() => ({
    value: start.wanted ?? start.value,
    base: start.value,
    seen: start.seen,
    source: start.source,
    textProblems: [],
    touched: new Set(),
  }));
  const [wantsText, setWantsText] = useState(false);
  const changes = useMemo(() => changesBetween(state.base, state.value), [state.base, state.value]);
  const { yaml, isUnreachable } = useYaml(wantsText || changes.length > 0);
  const text = useMemo(() => {
    if (state.textProblems.length > 0) return state.source;
    return yaml === null ? null : yaml.syncText(state.source, state.value);
  }, [yaml, state.source, state.value, state.textProblems]);

  const change = (next: Partial<EditorState>) => setState((now) => ({ ...now, ...next }));
  return {
    ...state,
    isNew: start.seen === null,
    group: start.group,
    changes,
    text,
    isTextUnreachable: isUnreachable,
    put: (name, value) => setState((now) => ({ ...now, value: setIn(now.value, PATHS[name], value) })),
    touch: (name) => setState((now) => ({ ...now, touched: new Set([...now.touched, name]) })),
    putAll: (value) => change({ value }),
    writeText(typed) {
      if (yaml === null) return;
      const read = yaml.readText(typed);
      if (read.ok)
        change({ source: typed, value: isEqual(read.value, state.value) ? state.value : read.value, textProblems: [] });
      else change({ source: typed, textProblems: read.problems });
    },
    mendText: () => change({ textProblems: [], ...(yaml === null ? {} : { source: yaml.syncText("", state.value) }) }),
    take: (taken) => change({ ...taken, textProblems: [] }),
    loadText: () => setWantsText(true),
  };
}

/** The library for YAML texts, fetched when it is first needed. */
function useYaml(isNeeded: boolean): { yaml: YamlModule | null; isUnreachable: boolean } {
  const [yaml, setYaml] = useState<YamlModule | null>(null);
  const [isUnreachable, setUnreachable] = useState(false);
  useEffect(() => {
    if (!isNeeded || yaml !== null) return;
    let isOpen = true;
    import("./yaml-text.ts").then(
      (module) => isOpen && setYaml(module),
      () => isOpen && setUnreachable(true),
    );
    return () => {
      isOpen = false;
    };
  }, [isNeeded, yaml]);
  return { yaml, isUnreachable };
}
