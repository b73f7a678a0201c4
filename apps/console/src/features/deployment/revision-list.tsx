import type { RevisionView } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { RelativeTime } from "@slipway/ui/relative-time";
import type { ReactNode } from "react";

type Props = {
  revisions: readonly RevisionView[];
  /** The newest generation, to which nobody can roll back. */
  current: number;
  nowMs: number;
  action: (revision: RevisionView) => ReactNode;
};

const SOURCES: { readonly [Name in RevisionView["source"]]: string } = {
  console: "console",
  cli: "command line",
  api: "API",
  registry: "model registry",
  rollback: "rollback",
  controller: "controller",
  demo: "demo",
};

/** Revisions, the newest first: who, when, why, from where, and what became of it. */
export function RevisionList({ revisions, current, nowMs, action }: Props) {
  return (
    <ol className="rounded-xl border border-line bg-surface">
      {revisions.map((revision) => (
        <li
          key={revision.generation}
          data-revision={revision.generation}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-line border-b p-4 text-sm last:border-b-0 sm:grid-cols-[minmax(0,1fr)_9rem_6rem_6.5rem]"
        >
          <div className="col-span-full min-w-0 sm:col-span-1">
            <p className="font-semibold">
              Revision {revision.generation}
              {revision.generation === current ? <span className="font-normal text-ink-soft"> · current</span> : null}
            </p>
            {revision.message === "" ? null : <p className="wrap-anywhere mt-0.5">{revision.message}</p>}
            <p className="wrap-anywhere mt-0.5 text-ink-soft">
              {revision.actor} by {SOURCES[revision.source]}
            </p>
          </div>
          <div>
            <ResultBadge result={revision.result} />
          </div>
          <div>
            <RelativeTime iso={revision.createdAt} nowMs={nowMs} />
          </div>
          <div className="col-span-full empty:hidden sm:col-span-1 sm:text-right sm:empty:block">
            {revision.generation === current ? null : action(revision)}
          </div>
        </li>
      ))}
    </ol>
  );
}

function ResultBadge({ result }: { result: RevisionView["result"] }) {
  switch (result) {
    case "pending":
      return <Badge icon="clock" tone="busy" word="Pending" />;
    case "succeeded":
      return <Badge icon="check" tone="good" word="Succeeded" />;
    case "failed":
      return <Badge icon="cross" tone="bad" word="Failed" />;
    case "superseded":
      return <Badge icon="flow-none" tone="quiet" word="Superseded" />;
    default:
      return result satisfies never;
  }
}
