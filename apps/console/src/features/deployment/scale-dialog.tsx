import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { Take } from "./deployment-actions.tsx";
import { type DeploymentDetails, targetOf, targetOfResource } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";

const REPLICAS_MAX = 1_000;

type Props = { details: DeploymentDetails; take: Take; onClose: () => void };

/** Sets how many replicas there should be. When somebody else changed the deployment meanwhile, it shows both sides. */
export function ScaleDialog({ details, take, onClose }: Props) {
  const [seen, setSeen] = useState(details);
  const [typed, setTyped] = useState(String(details.replicasAsked));
  const { isPending, failure, run } = useAction();
  const replicas = Number(typed);
  const isConflict = failure?.code === "resource/conflict";
  const isNumber = typed.trim() !== "" && Number.isInteger(replicas) && replicas >= 0 && replicas <= REPLICAS_MAX;

  async function scale(base: DeploymentDetails) {
    setSeen(base);
    const resource = await run(() => trpc.resource.scale.mutate({ ...targetOf(base), replicas }));
    if (resource === null) return;
    take(resource, `${details.name} is scaled to ${replicas}.`, () =>
      trpc.resource.scale.mutate({ ...targetOfResource(resource), replicas: base.replicasAsked }),
    );
  }

  return (
    <Dialog title={`Scale ${details.name}`} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          void scale(isConflict ? details : seen);
        }}
      >
        <TextField
          label="Replicas"
          type="number"
          inputMode="numeric"
          min={0}
          max={REPLICAS_MAX}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          hint={hintOf(details)}
          error={isNumber ? problemOf(failure, "replicas") : `Must be a whole number from 0 to ${REPLICAS_MAX}.`}
        />
        <FailureNotice failure={failure} />
        {isConflict ? <BothSides seen={seen} now={details} yours={replicas} /> : null}
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={isPending || !isNumber}>
            {isPending ? "Scaling…" : isConflict ? `Scale to ${replicas} all the same` : "Scale"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function hintOf({ replicas, isRunning }: DeploymentDetails): string {
  if (!isRunning) return "It is stopped: this many will run when it is started.";
  return `${replicas.ready} ready, ${replicas.starting} starting, ${replicas.wanted} wanted now.`;
}

/** What one began from, what somebody else made of it, and what one wants. */
function BothSides({ seen, now, yours }: { seen: DeploymentDetails; now: DeploymentDetails; yours: number }) {
  const sides: [title: string, value: string][] = [
    ["When you began", `${seen.replicasAsked} (revision ${seen.generation})`],
    ["Now", `${now.replicasAsked} (revision ${now.generation})`],
    ["Yours", String(yours)],
  ];
  return (
    <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 rounded-md bg-quiet-soft p-3 text-sm">
      {sides.map(([title, value]) => (
        <div key={title} className="contents">
          <dt className="text-ink-soft">{title}</dt>
          <dd className="font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
