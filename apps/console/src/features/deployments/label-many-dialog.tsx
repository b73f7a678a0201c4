"use client";
import type { DeploymentRow } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { labelNames, readTypedLabels } from "./label-change.ts";
import type { Bulk } from "./use-bulk.ts";

type Props = { rows: readonly DeploymentRow[]; bulk: Bulk; onClose: () => void; onDone: () => void };

/** Gives labels to many deployments and takes labels away from them; nothing is loaded again for that. */
export default function LabelManyDialog({ rows, bulk, onClose, onDone }: Props) {
  const [typed, setTyped] = useState("");
  const [isTried, setTried] = useState(false);
  const [remove, setRemove] = useState<readonly string[]>([]);
  const { set, problem } = readTypedLabels(typed);
  const isNothing = Object.keys(set).length + remove.length === 0;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== "" || isNothing) return;
    const isDone = await bulk.change(rows, { action: "label", set, remove: [...remove] });
    onClose();
    if (isDone) onDone();
  };
  const press = (name: string) =>
    setRemove((before) => (before.includes(name) ? before.filter((other) => other !== name) : [...before, name]));
  const error = problem === "" && isNothing ? "Give a label, or choose one to take away." : problem;
  return (
    <Dialog title={rows.length === 1 ? `Label ${rows[0]?.name}` : `Label ${rows.length} deployments`} onClose={onClose}>
      <form onSubmit={submit}>
        <TextField
          label="Labels to give"
          hint="As team=growth; several with commas between. A label that is there already gets the new value."
          error={isTried ? error : ""}
          value={typed}
          spellCheck={false}
          onChange={({ target }) => setTyped(target.value)}
        />
        <LabelsToRemove rows={rows} remove={remove} press={press} />
        <p className="mt-4 text-ink-soft text-sm">Labels are for search and selection. Nothing is loaded again.</p>
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={bulk.action.isPending}>
            Label
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type RemoveProps = { rows: readonly DeploymentRow[]; remove: readonly string[]; press: (name: string) => void };

function LabelsToRemove({ rows, remove, press }: RemoveProps) {
  const names = labelNames(rows);
  if (names.length === 0) return null;
  return (
    <fieldset className="mt-4">
      <legend className="font-medium text-sm">Labels to take away</legend>
      <div className="mt-1 max-h-40 overflow-y-auto text-sm">
        {names.map(({ name, count }) => (
          <label key={name} className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-hover">
            <input type="checkbox" checked={remove.includes(name)} onChange={() => press(name)} className="size-4" />
            <span className="wrap-anywhere flex-1">{name}</span>
            <span className="text-ink-soft">on {count}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
