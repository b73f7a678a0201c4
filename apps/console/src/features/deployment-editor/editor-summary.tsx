import { DEFAULT_MODEL_MEMORY } from "@slipway/contracts/propose-memory";
import { Button } from "@slipway/ui/button";
import type { ReactNode } from "react";
import { useEditorForm } from "./editor-context.ts";
import { SECTIONS } from "./editor-section.tsx";
import { fieldText, PATHS } from "./form-fields.ts";
import { fieldOf, getIn } from "./manifest-value.ts";
import { referenceOf, registeredChoice } from "./registered-choice.ts";

type Props = { primary: ReactNode; state: string; isTextOpen: boolean; toggleText: () => void };

/** What the form comes to, always in sight, with the button that it is all for. */
export function EditorSummary({ primary, state, isTextOpen, toggleText }: Props) {
  const { editor } = useEditorForm();
  return (
    <aside
      aria-label={editor.isNew ? "What will be deployed" : "Pending changes"}
      className="z-10 rounded-xl border border-line bg-surface p-4 max-lg:sticky max-lg:bottom-0 max-lg:-mx-4 max-lg:rounded-none max-lg:border-x-0 max-lg:py-3 max-lg:shadow-lg sm:max-lg:-mx-6"
    >
      <div className="max-lg:hidden">{editor.isNew ? <Facts /> : <Pending />}</div>
      {editor.isNew ? null : <p className="mb-2 font-medium text-sm lg:hidden">{countOf(editor.changes.length)}</p>}
      <div className="flex flex-wrap gap-2 lg:mt-4">
        {primary}
        <Button aria-expanded={isTextOpen} onClick={toggleText}>
          {isTextOpen ? "Hide the YAML" : "Show as YAML"}
        </Button>
      </div>
      <p role="status" aria-live="polite" className="mt-2 text-ink-soft text-sm empty:hidden">
        {state}
      </p>
      <nav aria-label="Parts of this form" className="mt-4 border-line border-t pt-3 max-lg:hidden">
        <ul className="flex flex-wrap gap-x-3">
          {SECTIONS.map(({ id, title }) => (
            <li key={id}>
              <a
                href={`#${id}`}
                className="inline-flex min-h-8 items-center rounded text-ink-soft text-sm hover:text-ink"
              >
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </aside>
  );
}

function Facts() {
  const { editor, hints } = useEditorForm();
  const text = (name: keyof typeof PATHS) => fieldText(editor.value, name, hints[fieldOf(PATHS[name])]?.fallback ?? "");
  const registered = registeredChoice(getIn(editor.value, PATHS.model));
  const facts: [string, string][] = [
    ["Name", text("name")],
    ["Model", registered === null ? text("modelUri") : `${registered.name}, ${referenceOf(registered)}`],
    ["Replicas", text("replicas")],
    ["Memory per replica", text("memory") === "" ? unsaidMemory(registered !== null) : text("memory")],
    ["Environment", text("environment")],
    ["Who may call it", text("visibility") === "public" ? "everybody" : "whoever has a token"],
  ];
  return (
    <>
      <h2 className="mb-3 font-semibold text-lg">Summary</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {facts.map(([title, value]) => (
          <div key={title} className="contents">
            <dt className="text-ink-soft">{title}</dt>
            <dd className="wrap-anywhere">{value === "" ? "not said yet" : value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** What counts when nothing is said: of a registered model the platform knows the size. */
function unsaidMemory(isRegistered: boolean): string {
  return isRegistered ? `twice its file, at least ${DEFAULT_MODEL_MEMORY}` : DEFAULT_MODEL_MEMORY;
}

function Pending() {
  const { editor } = useEditorForm();
  return (
    <>
      <h2 className="mb-2 font-semibold text-lg">{countOf(editor.changes.length)}</h2>
      {editor.changes.length === 0 ? (
        <p className="text-ink-soft text-sm">What you change is collected here. Nothing happens before you apply it.</p>
      ) : (
        <ul className="grid gap-1">
          {editor.changes.map(({ path }) => (
            <li key={fieldOf(path)} className="wrap-anywhere font-mono text-xs leading-5">
              {fieldOf(path)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function countOf(changes: number): string {
  return changes === 0 ? "No pending changes" : changes === 1 ? "1 pending change" : `${changes} pending changes`;
}
