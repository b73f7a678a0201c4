import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf, problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import { type DeploymentDetails, targetOf } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { FieldTable } from "./field-table.tsx";
import { useDifference } from "./revision-comparison.tsx";

const MESSAGE_MAX = 2_000;

type Props = {
  details: DeploymentDetails;
  target: number;
  onClose: () => void;
  onDone: (resource: ResourceView) => void;
};

/** Says exactly what a rollback brings back, and does it as a new revision. What is listed is what is written, or nothing. */
export function RollBackDialog({ details, target, onClose, onDone }: Props) {
  const [seen, setSeen] = useState(details);
  const [message, setMessage] = useState("");
  const { data, error } = useDifference(seen, seen.generation, target);
  const { isPending, failure, run } = useAction();
  const isConflict = failure?.code === "resource/conflict" && details.version !== seen.version;

  async function rollBack(event: SyntheticEvent) {
    event.preventDefault();
    // Somebody changed it meanwhile: first show what would return now.
    if (isConflict) return setSeen(details);
    const input = { ...targetOf(seen), to: target, ...(message.trim() === "" ? {} : { message: message.trim() }) };
    const resource = await run(() => trpc.history.rollback.mutate(input));
    if (resource !== null) onDone(resource);
  }

  return (
    <Dialog title={`Roll back ${details.name} to revision ${target}?`} onClose={onClose}>
      <form noValidate onSubmit={rollBack}>
        <p className="mb-3">
          A new revision {seen.generation + 1} brings back exactly what is listed, with the model file that revision{" "}
          {target} had. Title, labels and client tokens stay as they are.
        </p>
        {data === undefined && error === null ? <Skeleton className="h-16 w-full" /> : null}
        {error === null ? null : <FailureNotice failure={failureOf(error)} />}
        {data === undefined ? null : data.fields.length === 0 ? (
          <p className="text-ink-soft text-sm">No field of the spec differs from now.</p>
        ) : (
          <FieldTable caption="What returns" fields={data.fields} before="Now" after="Returns to" />
        )}
        <div className="mt-4">
          <TextField
            label="Why (optional)"
            value={message}
            maxLength={MESSAGE_MAX}
            onChange={({ target: field }) => setMessage(field.value)}
            hint="Stands in the history."
            error={problemOf(failure, "message")}
          />
        </div>
        <FailureNotice failure={failure} />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={isPending || data === undefined}>
            {isPending ? "Rolling back…" : isConflict ? "Show what returns now" : "Roll back"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
