"use client";
import type { DeploymentRow } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { Notice } from "@slipway/ui/notice";
import { lazy, Suspense, useState } from "react";
import { BULK_MAX, type Bulk } from "./use-bulk.ts";

/** Fetched when one is first asked for. */
const DeleteManyDialog = lazy(() => import("./delete-many-dialog.tsx"));
const LabelManyDialog = lazy(() => import("./label-many-dialog.tsx"));

type Props = { rows: readonly DeploymentRow[]; bulk: Bulk; clear: () => void };

/** What can be done with the lines that are marked. It stays in sight while the list is scrolled. */
export function BulkBar({ rows, bulk, clear }: Props) {
  const [asked, setAsked] = useState<"label" | "delete" | null>(null);
  const { isPending } = bulk.action;
  const tooMany = rows.length > BULK_MAX ? `At most ${BULK_MAX} at once.` : "";
  const isOff = isPending || tooMany !== "";
  const close = () => setAsked(null);
  const run = async (action: "start" | "stop") => {
    if (await bulk.change(rows, { action })) clear();
  };
  return (
    <section
      aria-label="Marked deployments"
      className="sticky bottom-3 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-xl border border-outline bg-surface px-3 py-2 shadow-lg"
    >
      <p role="status" className="mr-2 font-medium text-sm">
        {rows.length} marked{tooMany === "" ? "" : `. ${tooMany}`}
      </p>
      <Button disabled={isOff} onClick={() => void run("start")}>
        <Icon name="play" />
        Start
      </Button>
      <Button disabled={isOff} onClick={() => void run("stop")}>
        <Icon name="square" />
        Stop
      </Button>
      <Button disabled={isOff} onClick={() => setAsked("label")}>
        <Icon name="tag" />
        Label
      </Button>
      <Button look="danger" disabled={isOff} onClick={() => setAsked("delete")}>
        <Icon name="trash" />
        Delete
      </Button>
      <Button look="quiet" onClick={clear}>
        Clear
      </Button>
      <Suspense>
        {asked === "label" ? <LabelManyDialog rows={rows} bulk={bulk} onClose={close} onDone={clear} /> : null}
        {asked === "delete" ? <DeleteManyDialog rows={rows} bulk={bulk} onClose={close} onDone={clear} /> : null}
      </Suspense>
    </section>
  );
}

/** What could not be done, deployment by deployment; it stays until it is put away. */
export function BulkRefused({ bulk }: { bulk: Bulk }) {
  const { refused, forget, action } = bulk;
  if (action.failure !== null) {
    return (
      <div role="alert" className="mb-3">
        <Notice tone="bad" title={action.failure.words}>
          {action.failure.check}
        </Notice>
      </div>
    );
  }
  if (refused.length === 0) return null;
  const title = `${refused.length} ${refused.length === 1 ? "deployment was" : "deployments were"} left as ${refused.length === 1 ? "it was" : "they were"}.`;
  return (
    <div role="alert" className="mb-3">
      <Notice tone="warn" title={title}>
        <ul className="my-2 max-h-48 list-disc overflow-y-auto pl-5 text-sm">
          {refused.map(({ group, name, error }) => (
            <li key={`${group}/${name}`} className="wrap-anywhere">
              <strong className="font-semibold">{name}</strong>: {error}
            </li>
          ))}
        </ul>
        <Button onClick={forget}>Put away</Button>
      </Notice>
    </div>
  );
}
