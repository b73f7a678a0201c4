import { CodeBlock } from "@slipway/ui/code-block";
import { CopyButton } from "@slipway/ui/copy-button";
import { Notice } from "@slipway/ui/notice";
import { Skeleton } from "@slipway/ui/skeleton";
import { type ReactNode, useId } from "react";
import { cliLine, curlLine } from "./command-lines.ts";
import { type FormProblem, listWords } from "./problem-list.ts";
import type { Editor } from "./use-editor.ts";
import { textOf } from "./use-preflight.ts";
import { type Mark, YamlEditor } from "./yaml-editor.tsx";

type Props = { editor: Editor; problems: readonly FormProblem[] };

/** The manifest as text, edited both ways with the form, and the same change as command lines. */
export function YamlPanel({ editor, problems }: Props) {
  const id = useId();
  const marks: Mark[] = [
    ...editor.textProblems.map(({ message, line, column }) => ({ words: message, line, column })),
    ...(editor.textProblems.length > 0
      ? []
      : problems.flatMap((problem) =>
          problem.line === null
            ? []
            : [{ words: problem.words, line: problem.line, column: 1, said: listWords(problem) }],
        )),
  ];
  if (editor.text === null) {
    return editor.isTextUnreachable ? (
      <Notice tone="warn" title="The YAML editor could not be fetched. The form works without it." />
    ) : (
      <Skeleton className="h-64 w-full" />
    );
  }
  const parts = { origin: window.location.origin, text: textOf(editor), message: "", seen: editor.seen };
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="font-semibold text-lg">
          As YAML
        </h2>
        <CopyButton text={editor.text} what="the YAML" />
      </div>
      <p id={`${id}-keys`} className="mb-2 text-ink-soft text-sm">
        What you change here changes in the form, and the other way round. Tab leads out of the text.
      </p>
      <YamlEditor text={editor.text} marks={marks} onType={editor.writeText} describedBy={`${id}-keys`} />
      <div role="status" aria-live="polite">
        {marks.length === 0 ? null : (
          <ul className="mt-2 grid gap-1 text-bad text-sm">
            {marks.map(({ line, words, said }) => (
              <li key={`${line} ${words}`} className="wrap-anywhere">
                {said === undefined ? `Line ${line}: ${words}` : `Line ${line}: ${said}`}
              </li>
            ))}
          </ul>
        )}
      </div>
      {editor.textProblems.length > 0 ? null : (
        <div className="mt-4 grid gap-3">
          <Command title="With the command line" what="the command" text={cliLine(parts)} />
          <Command title="With curl" what="the curl line" text={curlLine(parts)}>
            <p className="mt-1 text-ink-soft text-sm">
              SLIPWAY_TOKEN is the <code className="font-mono text-xs">token</code> in{" "}
              <code className="font-mono text-xs">credentials.json</code> of the data directory.
            </p>
          </Command>
        </div>
      )}
    </section>
  );
}

type CommandProps = { title: string; what: string; text: string; children?: ReactNode };

function Command({ title, what, text, children }: CommandProps) {
  return (
    <details className="rounded-lg border border-line p-3">
      <summary className="flex min-h-8 cursor-pointer items-center rounded font-medium text-sm">{title}</summary>
      <div className="mt-2 grid gap-2">
        <CodeBlock text={text} label={title} />
        <div>
          <CopyButton text={text} what={what} />
        </div>
      </div>
      {children}
    </details>
  );
}
