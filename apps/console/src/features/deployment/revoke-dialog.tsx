import type { ClientTokenView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { RelativeTime } from "@slipway/ui/relative-time";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { DeploymentKey } from "./deployment-path.ts";
import { FailureNotice } from "./failure-notice.tsx";

type Props = {
  target: DeploymentKey;
  token: ClientTokenView;
  /** The client has another token that goes on. */
  hasOther: boolean;
  nowMs: number;
  onClose: () => void;
  /** Told whether every gateway refuses the token already. */
  onRevoked: (isRefused: boolean) => void;
};

/** Asks before a token ends, and says whether anybody still calls with it. */
export function RevokeDialog({ target, token, hasOther, nowMs, onClose, onRevoked }: Props) {
  const { isPending, failure, run } = useAction();
  const { id, client, hint } = token;

  async function revoke() {
    const answer = await run(() => trpc.token.revoke.mutate({ ...target, client, token: id }));
    if (answer !== null) onRevoked(answer.routed);
  }

  return (
    <Dialog title={`Revoke the token of ${client}?`} onClose={onClose}>
      <p className="mb-3 font-mono text-sm">{hint}</p>
      <LastUse token={token} nowMs={nowMs} />
      <p>
        Calls with it are refused at once. This cannot be undone;{" "}
        {hasOther ? `the other token of ${client} goes on.` : "the client needs a new token then."}
      </p>
      <FailureNotice failure={failure} />
      <DialogActions onClose={onClose}>
        <Button look="danger" disabled={isPending} onClick={revoke}>
          {isPending ? "Revoking…" : "Revoke"}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function LastUse({ token: { lastUsedAt, calls }, nowMs }: { token: ClientTokenView; nowMs: number }) {
  if (lastUsedAt === null) return <p className="mb-3">No call was made with it so far.</p>;
  return (
    <p className="mb-3">
      It was last used <RelativeTime iso={lastUsedAt} nowMs={nowMs} />, in {calls.toLocaleString("en-GB")}{" "}
      {calls === 1 ? "call" : "calls"} so far.
    </p>
  );
}
