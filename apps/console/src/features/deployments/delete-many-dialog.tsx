"use client";
import type { DeploymentRow } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { figure } from "./list-row.ts";
import type { Bulk } from "./use-bulk.ts";

type Props = { rows: readonly DeploymentRow[]; bulk: Bulk; onClose: () => void; onDone: () => void };

/** Asks before many are deleted: names each of them, says whose requests end, and wants its name or their number typed. */
export default function DeleteManyDialog({ rows, bulk, onClose, onDone }: Props) {
  const [typed, setTyped] = useState("");
  const [only] = rows.length === 1 ? rows : [];
  const wanted = only === undefined ? String(rows.length) : only.name;
  const busy = rows.filter(({ traffic }) => traffic !== "None");
  const perSecond = busy.reduce((sum, { rate }) => sum + (rate?.requestsPerSecond ?? 0), 0);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (typed.trim() !== wanted) return;
    const isDone = await bulk.change(rows, { action: "delete" });
    onClose();
    if (isDone) onDone();
  };
  return (
    <Dialog title={only === undefined ? `Delete ${rows.length} deployments` : `Delete ${only.name}`} onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          {busy.length === 0
            ? "None of them answers requests now."
            : `${busy.length} of them ${busy.length === 1 ? "answers" : "answer"} requests now (${figure(perSecond)} a second); those requests will fail.`}
        </p>
        <ul
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be scrolled by keyboard too
          tabIndex={0}
          aria-label="What is deleted"
          className="my-3 max-h-56 overflow-y-auto rounded-md border border-line bg-canvas px-3 py-2 text-sm"
        >
          {rows.map(({ uid, group, name, title, traffic }) => (
            <li key={uid} className="wrap-anywhere py-0.5">
              <span className="font-mono">{name}</span>
              <span className="text-ink-soft">
                {title === "" ? "" : ` · ${title}`} · group {group}
                {traffic === "None" ? "" : " · answers requests"}
              </span>
            </li>
          ))}
        </ul>
        <TextField
          label={only === undefined ? `Type ${wanted}, how many they are` : `Type ${wanted}`}
          value={typed}
          spellCheck={false}
          onChange={({ target }) => setTyped(target.value)}
        />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="danger" disabled={typed.trim() !== wanted || bulk.action.isPending}>
            Delete {only === undefined ? `${rows.length} deployments` : only.name}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
