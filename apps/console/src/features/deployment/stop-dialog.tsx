import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { Take } from "./deployment-actions.tsx";
import { type DeploymentDetails, targetOf, targetOfResource } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";

type Props = { details: DeploymentDetails; take: Take; onClose: () => void };

/** Asks before a deployment serves no more. */
export function StopDialog({ details, take, onClose }: Props) {
  const [seen, setSeen] = useState(details);
  const { isPending, failure, run } = useAction();
  const isConflict = failure?.code === "resource/conflict";

  async function stop() {
    const base = isConflict ? details : seen;
    setSeen(base);
    const resource = await run(() => trpc.resource.stop.mutate(targetOf(base)));
    if (resource === null) return;
    take(resource, `${details.name} stops.`, () => trpc.resource.start.mutate(targetOfResource(resource)));
  }

  return (
    <Dialog title={`Stop ${details.name}?`} onClose={onClose}>
      <p>
        Its replicas go and their memory is free. Callers are told that it is stopped. Its address, tokens and history
        stay; start it again at any time.
      </p>
      <FailureNotice failure={failure} />
      <DialogActions onClose={onClose}>
        <Button look="primary" disabled={isPending} onClick={stop}>
          {isPending ? "Stopping…" : isConflict ? "Stop all the same" : "Stop"}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
