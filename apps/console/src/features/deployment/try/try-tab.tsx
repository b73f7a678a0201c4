import { Button } from "@slipway/ui/button";
import { CopyButton } from "@slipway/ui/copy-button";
import { Notice } from "@slipway/ui/notice";
import { Skeleton } from "@slipway/ui/skeleton";
import type { KeyboardEvent, SyntheticEvent } from "react";
import { curlLine } from "../../deployments/curl-line.ts";
import type { DeploymentDetails } from "../deployment-details.ts";
import { AttemptList } from "./attempt-list.tsx";
import { AttemptOutcome } from "./attempt-outcome.tsx";
import { JsonEditor } from "./json-editor.tsx";
import { readJson, writeJson } from "./json-text.ts";
import { TensorFields } from "./tensor-fields.tsx";
import { changeJson, changeTensor, returnTo, switchMode, takeBody, textOf } from "./trial.ts";
import { type KeptTrial, useTrial } from "./use-trial.ts";

type Props = { details: DeploymentDetails; gatewayUrl: string; kept: KeptTrial };

const MODES = [
  { mode: "form", words: "Form" },
  { mode: "json", words: "JSON" },
] as const;

/** Sends requests to the deployment and shows what it answers; without a token, since the console calls for its reader. */
export function TryTab({ details, gatewayUrl, kept }: Props) {
  const { trial, change, send, isBeginning, isRefused, isSending, cancel } = useTrial(details, kept);
  const text = textOf(trial);
  const problems = isRefused && !text.ok ? text.problems : [];
  const shown = trial.attempts.find(({ id }) => id === trial.shownId) ?? null;
  const curl = text.ok ? curlLine({ ...details, gatewayUrl, sample: onOneLine(text.text) }) : null;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    void send();
  }
  function hear(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-2">
      <section aria-labelledby="request" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
        <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <h2 id="request" className="font-semibold text-lg">
            Request
          </h2>
          <fieldset className="flex flex-wrap gap-1">
            <legend className="sr-only">Write it as</legend>
            {MODES.map(({ mode, words }) => (
              <Button
                key={mode}
                look={mode === trial.mode ? "plain" : "quiet"}
                aria-pressed={mode === trial.mode}
                disabled={mode === "form" && trial.form === null}
                {...(mode === "form" && trial.form === null ? { "aria-describedby": "no-form" } : {})}
                onClick={() => change((held) => switchMode(held, mode))}
              >
                {words}
              </Button>
            ))}
          </fieldset>
        </div>
        <Readiness details={details} hasForm={trial.form !== null} isBeginning={isBeginning} />
        <form noValidate onSubmit={submit} onKeyDown={hear} className="grid grid-cols-[minmax(0,1fr)] gap-5">
          {isBeginning && !trial.isTouched ? (
            <Skeleton className="h-24 w-full rounded-md" />
          ) : trial.mode === "form" && trial.form !== null ? (
            <TensorFields
              tensors={trial.form.tensors}
              problems={problems}
              onChange={(tensor) => change((held) => changeTensor(held, tensor))}
            />
          ) : (
            <JsonEditor
              text={trial.json}
              problem={text.ok ? null : text.jsonProblem}
              onChange={(json) => change((held) => changeJson(held, json))}
            />
          )}
          <p role="status" className="text-ink-soft text-sm empty:hidden">
            {trial.note}
          </p>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Button type="submit" look="primary" disabled={isSending || isBeginning} className="min-h-9">
              {isSending ? "Sending…" : "Send"}
            </Button>
            {isSending ? (
              <Button onClick={cancel}>Cancel</Button>
            ) : (
              <span className="text-ink-soft text-sm">
                or <kbd className="font-sans">Ctrl</kbd> + <kbd className="font-sans">Enter</kbd>
              </span>
            )}
            {curl === null ? null : (
              <span className="ml-auto">
                <CopyButton text={curl} what="as curl" isSpelledOut />
              </span>
            )}
          </div>
          <p role="alert" className="text-bad text-sm empty:hidden">
            {isRefused && !text.ok ? "Not sent: mend what is marked first." : ""}
          </p>
        </form>
      </section>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <AttemptOutcome
          attempt={shown}
          signature={trial.signature}
          isSending={isSending}
          onUse={(body) => change((held) => takeBody(held, body))}
        />
        <AttemptList
          attempts={trial.attempts}
          shownId={trial.shownId}
          onReturn={(id) => change((held) => returnTo(held, id))}
        />
      </div>
    </div>
  );
}

/** Why an answer cannot be expected yet, or a form cannot be shown. It stops nobody from asking. */
function Readiness({
  details,
  hasForm,
  isBeginning,
}: {
  details: DeploymentDetails;
  hasForm: boolean;
  isBeginning: boolean;
}) {
  const words = readinessOf(details);
  if (words === null && (hasForm || isBeginning)) return null;
  return (
    <div className="mb-5 rounded-lg border border-line">
      {words === null ? (
        <Notice tone="quiet" title="What its model takes is not known yet.">
          <p id="no-form">The form comes with the model's signature. Until then, write the request as JSON.</p>
        </Notice>
      ) : (
        <Notice tone={words.tone} title={words.title}>
          <p id="no-form">{words.advice}</p>
        </Notice>
      )}
    </div>
  );
}

function readinessOf({ isRunning, lifecycle, traffic, replicasAsked }: DeploymentDetails) {
  if (!isRunning || lifecycle === "Stopped") {
    return {
      tone: "warn",
      title: "It is stopped.",
      advice: "Start it above; until then it refuses every request.",
    } as const;
  }
  if (replicasAsked === 0) {
    return { tone: "warn", title: "It has no replica.", advice: "Scale it up above to get an answer." } as const;
  }
  if (traffic !== "None") return null;
  return {
    tone: "busy",
    title: "It does not answer yet.",
    advice: "Write your request meanwhile. This page says when it is live.",
  } as const;
}

/** A body as a shell takes it best; one that is no JSON as it is. */
function onOneLine(text: string): string {
  const read = readJson(text);
  return read.ok ? writeJson(read.value) : text;
}
