import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { useId, useRef } from "react";
import type { JsonProblem } from "./json-text.ts";

type Props = { text: string; problem: JsonProblem | null; onChange: (text: string) => void; label?: string };

/** A body as text, and where it is wrong. */
export function JsonEditor({ text, problem, onChange, label = "Body" }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split("\n");

  function showLine(line: number) {
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  }

  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      <textarea
        ref={area}
        id={id}
        value={text}
        onChange={({ target }) => onChange(target.value)}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        rows={Math.min(24, Math.max(10, lines.length + 1))}
        wrap="off"
        {...(problem === null ? {} : { "aria-invalid": true, "aria-describedby": `${id}-problem` })}
        className="w-full resize-y overflow-auto rounded-md border border-outline bg-surface p-2.5 font-mono text-ink text-xs leading-5 aria-invalid:border-bad"
      />
      {problem === null ? null : (
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <p id={`${id}-problem`} className="flex gap-1.5 text-bad">
            <Icon name="warning" className="mt-0.5" />
            Line {problem.line}, column {problem.column}: {problem.words}
          </p>
          <Button look="quiet" onClick={() => showLine(problem.line)}>
            Show line {problem.line}
          </Button>
        </div>
      )}
    </div>
  );
}
