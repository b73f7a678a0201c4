import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { Take } from "./deployment-actions.tsx";
import { type DeploymentDetails, targetOf } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";

type Props = { details: DeploymentDetails; take: Take; onClose: () => void };

/** Deletes a deployment once its name is typed, for this cannot be undone. */
export function DeleteDialog({ details, take, onClose }: Props) {
  const [seen, setSeen] = useState(details);
  const [typed, setTyped] = useState("");
  const { isPending, failure, run } = useAction();
  const { name, replicas } = details;
  const isConflict = failure?.code === "resource/conflict";

  async function remove(event: SyntheticEvent) {
    event.preventDefault();
    const base = isConflict ? details : seen;
    setSeen(base);
    const resource = await run(() => trpc.resource.delete.mutate(targetOf(base)));
    if (resource !== null) take(resource, `${name} is being deleted.`);
  }

  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <form noValidate onSubmit={remove}>
        <p className="mb-4">
          Its endpoint ends at once{replicas.ready === 0 ? "" : `, and ${replicasWords(replicas.ready)}`}. The tokens of
          its clients end with it. This cannot be undone; to pause it, stop it instead.
        </p>
        <TextField
          label={`Type ${name} to delete it`}
          value={typed}
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => setTyped(target.value)}
        />
        <FailureNotice failure={failure} />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="danger" disabled={isPending || typed !== name}>
            {isPending ? "Deleting…" : isConflict ? "Delete all the same" : "Delete"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function replicasWords(count: number): string {
  return count === 1 ? "the replica that serves goes" : `the ${count} replicas that serve go`;
}
