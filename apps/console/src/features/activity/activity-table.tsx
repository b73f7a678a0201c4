import type { AuditView } from "@slipway/contracts";
import { RelativeTime } from "@slipway/ui/relative-time";
import Link from "next/link";
import type { ReactNode } from "react";
import { type ActivityQuery, addressOf } from "./activity-query.ts";
import { describeAction, describeValue } from "./describe-action.ts";

type Props = { entries: readonly AuditView[]; query: ActivityQuery; nowMs: number };

const LINK = "wrap-anywhere font-semibold text-ink underline decoration-line underline-offset-4 hover:decoration-ink";

/** Who did what, a line for each; what differs unfolds. A name leads to all that was done to it or by it. */
export function ActivityTable({ entries, query, nowMs }: Props) {
  return (
    <ol aria-label="Activity" className="rounded-xl border border-line bg-surface text-sm">
      {entries.map((entry) => (
        <li
          key={entry.id}
          data-action={entry.action}
          className="grid gap-x-6 gap-y-1 border-line border-b px-4 py-3 last:border-b-0 sm:grid-cols-[1fr_auto]"
        >
          <div className="min-w-0">
            <p className="leading-6">
              <Link href={addressOf({ ...query, actor: entry.actor, after: "" })} className={LINK}>
                {entry.actor}
              </Link>{" "}
              {describeAction(entry.action)} <Subject entry={entry} query={query} />
            </p>
            {entry.message === "" ? null : <p className="wrap-anywhere max-w-prose text-ink-soft">“{entry.message}”</p>}
            <Details entry={entry} />
          </div>
          <div className="justify-self-end text-ink-soft">
            <RelativeTime iso={entry.at} nowMs={nowMs} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Subject({ entry: { group, kind, name }, query }: { entry: AuditView; query: ActivityQuery }): ReactNode {
  // Signing in is done to no object.
  if (name === "") return null;
  return (
    <>
      {kind.toLowerCase()}{" "}
      <Link href={addressOf({ ...query, kind, name, after: "" })} className={LINK}>
        {name}
      </Link>
      {group === query.group ? null : <span className="text-ink-soft"> in group {group}</span>}
    </>
  );
}

function Details({ entry: { diff, name, requestId } }: { entry: AuditView }) {
  return (
    <details className="group mt-1">
      <summary className="inline-flex min-h-8 cursor-pointer items-center gap-1 rounded pr-2 text-ink-soft hover:text-ink">
        <Chevron />
        {diff.length === 0 ? "Details" : `${diff.length} ${diff.length === 1 ? "field" : "fields"}`}
        <span className="sr-only"> {name}</span>
      </summary>
      <dl className="mt-1 mb-2 grid gap-x-6 font-mono text-xs leading-6 sm:grid-cols-[minmax(8rem,auto)_1fr] sm:gap-y-1">
        {diff.map(({ field, before, after }) => (
          <Pair key={field} term={field}>
            <del className="rounded bg-bad-soft px-1 text-bad no-underline">
              <span className="sr-only">before </span>
              {describeValue(before)}
            </del>
            <span aria-hidden="true"> → </span>
            <ins className="rounded bg-good-soft px-1 text-good no-underline">
              <span className="sr-only"> after </span>
              {describeValue(after)}
            </ins>
          </Pair>
        ))}
        <Pair term="request">{requestId}</Pair>
      </dl>
    </details>
  );
}

function Pair({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="wrap-anywhere text-ink-soft">{term}</dt>
      <dd className="wrap-anywhere max-sm:mb-2">{children}</dd>
    </div>
  );
}

function Chevron() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className="size-4 transition-transform group-open:rotate-90"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
    >
      <path d="M6 4l4 4-4 4" />
    </svg>
  );
}
