import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { DeploymentKey } from "./deployment-path.ts";
import { FailureNotice } from "./failure-notice.tsx";

type Props = {
  target: DeploymentKey & { client: string };
  onClose: () => void;
  /** Told whether every gateway refuses the token already. */
  onRevoked: (isRefused: boolean) => void;
};

/** Asks before a client is shut out. */
export function RevokeDialog({ target, onClose, onRevoked }: Props) {
  const { isPending, failure, run } = useAction();

  async function revoke() {
    const answer = await run(() => trpc.token.revoke.mutate(target));
    if (answer !== null) onRevoked(answer.routed);
  }

  return (
    <Dialog title={`Revoke the token of ${target.client}?`} onClose={onClose}>
      <p>Calls with it are refused at once. This cannot be undone; the client needs a new token then.</p>
      <FailureNotice failure={failure} />
      <DialogActions onClose={onClose}>
        <Button look="danger" disabled={isPending} onClick={revoke}>
          {isPending ? "Revoking…" : "Revoke"}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
