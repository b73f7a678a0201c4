import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, Text } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useEffectEvent, useRef } from "react";

/** Something to say of a line; both count from 1. */
export type Mark = { words: string; line: number; column: number; said?: string };

type Props = { text: string; marks: readonly Mark[]; onType: (text: string) => void; describedBy: string };

/** What the page puts in is not typed by anybody. */
const fromPage = Annotation.define<boolean>();

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--color-accent)" },
  { tag: [tags.string, tags.content], color: "var(--color-ink)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--color-warn)" },
  { tag: [tags.comment, tags.meta], color: "var(--color-ink-soft)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": {
    fontSize: "0.8125rem",
    border: "1px solid var(--color-outline)",
    borderRadius: "0.375rem",
    backgroundColor: "var(--color-surface)",
    color: "var(--color-ink)",
  },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", minHeight: "12rem" },
  ".cm-content": { caretColor: "var(--color-ink)" },
  "&.cm-focused .cm-cursor": { borderLeftColor: "var(--color-ink)" },
  ".cm-gutters": { backgroundColor: "var(--color-quiet-soft)", color: "var(--color-ink-soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--color-hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--color-busy-soft)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--color-surface)",
    color: "var(--color-ink)",
    border: "1px solid var(--color-line)",
  },
});

/** A text of YAML to write in, with marks at its lines. Tab is not taken: it leads on, as everywhere. */
export function YamlEditor({ text, marks, onType, describedBy }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const typed = useEffectEvent(onType);
  const first = useRef(text);

  useEffect(() => {
    if (host.current === null) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: first.current, extensions: extensionsOf(typed, describedBy) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [describedBy]);

  useEffect(() => {
    const current = view.current;
    if (current === null || current.state.doc.eq(Text.of(text.split("\n")))) return;
    const anchor = Math.min(current.state.selection.main.anchor, text.length);
    current.dispatch({
      changes: { from: 0, to: current.state.doc.length, insert: text },
      selection: { anchor },
      annotations: fromPage.of(true),
    });
  }, [text]);

  useEffect(() => {
    const current = view.current;
    if (current !== null)
      current.dispatch(
        setDiagnostics(
          current.state,
          marks.map((mark) => diagnosticOf(current, mark)),
        ),
      );
  }, [marks]);

  return <div ref={host} className="min-w-0 overflow-hidden rounded-md" />;
}

function extensionsOf(typed: (text: string) => void, describedBy: string) {
  return [
    EditorView.cspNonce.of(document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? ""),
    lineNumbers(),
    lintGutter(),
    history(),
    indentOnInput(),
    highlightActiveLine(),
    yaml(),
    syntaxHighlighting(COLOURS),
    LOOK,
    EditorView.lineWrapping,
    keymap.of([...defaultKeymap, ...historyKeymap]),
    EditorView.contentAttributes.of({ "aria-label": "Manifest as YAML", "aria-describedby": describedBy }),
    EditorView.updateListener.of((update) => {
      const isOwn = update.transactions.some((transaction) => transaction.annotation(fromPage) === true);
      if (update.docChanged && !isOwn) typed(update.state.doc.toString());
    }),
  ];
}

function diagnosticOf({ state }: EditorView, { words, line, column }: Mark) {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const indent = at.text.length - at.text.trimStart().length;
  const from = Math.min(at.from + Math.max(column - 1, indent), at.to);
  return { from, to: at.to, severity: "error" as const, message: words };
}
