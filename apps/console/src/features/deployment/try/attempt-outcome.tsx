import type { TrialAnswer } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { Button } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { CopyButton } from "@slipway/ui/copy-button";
import { Notice } from "@slipway/ui/notice";
import { answerTensors } from "./answer-tensors.ts";
import { correctedBody } from "./corrected-body.ts";
import { type Json, member, prettyJson, readJson } from "./json-text.ts";
import { OutputTable } from "./output-table.tsx";
import { shapeText } from "./tensor-form.ts";
import { typedValue } from "./tensor-value.ts";
import type { Attempt, Signature } from "./trial.ts";

type Props = {
  attempt: Attempt | null;
  signature: Signature | null;
  isSending: boolean;
  onUse: (body: string) => void;
};

/** What became of the attempt that is looked at. */
export function AttemptOutcome({ attempt, signature, isSending, onUse }: Props) {
  return (
    <section
      aria-labelledby="answer"
      aria-busy={isSending}
      className="min-w-0 rounded-xl border border-line bg-surface p-4 sm:p-5"
    >
      <h2 id="answer" className="mb-3 font-semibold text-lg">
        Answer
      </h2>
      <p role="status" className="sr-only">
        {isSending ? "Sending" : attempt === null ? "" : spoken(attempt)}
      </p>
      {attempt === null ? (
        <p className="text-ink-soft text-sm">
          Send the request to see what the model answers, how long it takes, and the request's id.
        </p>
      ) : attempt.outcome.kind === "failure" ? (
        <Notice tone="bad" title={attempt.outcome.failure.words}>
          <p>{attempt.outcome.failure.check} What you typed is kept.</p>
        </Notice>
      ) : (
        <Answer answer={attempt.outcome.answer} sent={attempt.body} signature={signature} onUse={onUse} />
      )}
    </section>
  );
}

function spoken({ outcome }: Attempt): string {
  if (outcome.kind === "failure") return outcome.failure.words;
  const { status, latencyMs } = outcome.answer;
  return `Answered ${status} in ${latencyWords(latencyMs)}`;
}

/** `3.4 ms`, `1.25 s` */
export function latencyWords(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function Answer({
  answer,
  sent,
  signature,
  onUse,
}: {
  answer: TrialAnswer;
  sent: string;
  signature: Signature | null;
  onUse: (body: string) => void;
}) {
  const { status, latencyMs, requestId, headers, body, isTruncated } = answer;
  const read = isTruncated ? null : readJson(body);
  const json = read?.ok === true ? read.value : null;
  const isGood = status >= 200 && status < 300;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <Badge icon={isGood ? "check" : "cross"} tone={isGood ? "good" : "bad"} word={statusWords(status)} />
        <span className="tabular-nums">{latencyWords(latencyMs)}</span>
        <span className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="text-ink-soft">Request</span>
          <span className="wrap-anywhere font-mono text-xs">{requestId}</span>
          <CopyButton text={requestId} what="the request id" />
        </span>
      </div>
      {isGood || json === null ? null : <Refusal body={json} />}
      {status === 400 ? <Correction sent={sent} signature={signature} onUse={onUse} /> : null}
      {isGood && json !== null
        ? answerTensors(json).map((tensor) => <OutputTable key={tensor.name} tensor={tensor} />)
        : null}
      <div>
        <div className="mb-2 flex flex-wrap items-center gap-3">
          <h3 className="font-medium text-sm">Body</h3>
          {body === "" ? null : <CopyButton text={body} what="the answer" />}
        </div>
        {isTruncated ? <p className="mb-2 text-sm text-warn">It is longer than 2 MiB; this is its beginning.</p> : null}
        {body === "" ? (
          <p className="text-ink-soft text-sm">It is empty.</p>
        ) : (
          <CodeBlock text={json === null ? body : prettyJson(json)} label="Body of the answer" />
        )}
      </div>
      <details className="rounded-md border border-line">
        <summary className="min-h-9 cursor-pointer rounded-md px-3 py-2 font-medium text-sm">
          Headers ({Object.keys(headers).length})
        </summary>
        <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 px-3 pb-3 font-mono text-xs sm:grid-cols-[auto_minmax(0,1fr)]">
          {Object.entries(headers).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="wrap-anywhere max-sm:mb-1.5">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad request",
  401: "Unauthorised",
  403: "Forbidden",
  404: "Not found",
  413: "Too large",
  429: "Too many requests",
  500: "Internal error",
  502: "Bad gateway",
  503: "Unavailable",
  504: "Timed out",
};

function statusWords(status: number): string {
  const words = STATUS_WORDS[status];
  return words === undefined ? String(status) : `${status} ${words}`;
}

/** The sentence of an error answer, and what to do about it. */
function Refusal({ body }: { body: Json }) {
  const words = typedValue(member(body, "error") ?? "");
  const check = typedValue(member(body, "check") ?? "");
  if (words === "") return null;
  return (
    <div className="rounded-lg border border-line">
      <Notice tone="bad" title={words}>
        {check === "" ? null : <p className="wrap-anywhere">{check}</p>}
      </Notice>
    </div>
  );
}

/** What the model takes, and the sent body made to fit it. */
function Correction({
  sent,
  signature,
  onUse,
}: {
  sent: string;
  signature: Signature | null;
  onUse: (body: string) => void;
}) {
  if (signature === null) return null;
  const read = readJson(sent);
  const correction = correctedBody(read.ok ? read.value : null, signature);
  return (
    <div className="grid gap-3 rounded-lg border border-line p-4">
      <h3 className="font-semibold text-sm">The model takes</h3>
      <ul className="grid gap-1 text-sm">
        {signature.inputs.map(({ name, datatype, shape }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-2">
            <span className="wrap-anywhere font-medium font-mono">{name}</span>
            <span className="text-ink-soft">
              {datatype} {shapeText(shape)}
            </span>
          </li>
        ))}
      </ul>
      {correction === null ? null : (
        <>
          <h3 className="font-semibold text-sm">Your body, made to fit</h3>
          <ul className="list-disc pl-5 text-sm">
            {correction.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
          <CodeBlock text={correction.text} label="Corrected body" />
          <div>
            <Button onClick={() => onUse(correction.text)}>Use this body</Button>
          </div>
        </>
      )}
    </div>
  );
}
