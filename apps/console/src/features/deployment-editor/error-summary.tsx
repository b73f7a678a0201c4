import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { type RefObject, useId } from "react";
import { controlId, type FieldName } from "./form-fields.ts";
import { type FormProblem, listWords } from "./problem-list.ts";

type Props = { problems: readonly FormProblem[]; summary: RefObject<HTMLDivElement | null>; openText: () => void };

/** Everything that keeps the manifest from being taken, with a way to each. A try to submit leads the focus here. */
export function ErrorSummary({ problems, summary, openText }: Props) {
  const id = useId();
  if (problems.length === 0) return null;
  const count = problems.length === 1 ? "One thing to mend" : `${problems.length} things to mend`;
  return (
    <div ref={summary} tabIndex={-1} role="alert" aria-labelledby={id} className="rounded-lg border border-line">
      <Notice tone="bad" title={<span id={id}>{count}</span>}>
        <ul className="grid gap-1">
          {problems.map((problem) => (
            <li key={listWords(problem)}>
              {problem.field === null ? (
                <>
                  <span className="wrap-anywhere">{listWords(problem)} </span>
                  <Button onClick={openText}>Show it in the YAML</Button>
                </>
              ) : (
                <ProblemLink field={problem.field} words={listWords(problem)} />
              )}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function ProblemLink({ field, words }: { field: FieldName; words: string }) {
  return (
    <a
      href={`#${controlId(field)}`}
      className="wrap-anywhere inline-flex min-h-8 items-center rounded text-accent underline underline-offset-4"
      onClick={(event) => {
        event.preventDefault();
        focusField(field);
      }}
    >
      {words}
    </a>
  );
}

/** Leads to the control of a field, or to the part of the form that has it. */
export function focusField(field: FieldName): void {
  const place = document.getElementById(controlId(field)) ?? document.getElementById("model");
  const control = place?.querySelector<HTMLElement>("input, select, textarea");
  place?.scrollIntoView({ block: "center" });
  control?.focus();
}
