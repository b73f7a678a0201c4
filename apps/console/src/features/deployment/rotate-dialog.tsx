import type { ClientTokenView, RotatedClientToken } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { SelectField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { DeploymentKey } from "./deployment-path.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { DEFAULT_EXPIRY, daysOf, type Expiry, ExpiryField, ScopeField } from "./token-fields.tsx";
import { expiryWords } from "./token-state.ts";

const OVERLAPS: readonly { hours: number; words: string }[] = [
  { hours: 1, words: "1 hour" },
  { hours: 24, words: "24 hours" },
  { hours: 72, words: "3 days" },
  { hours: 168, words: "7 days" },
  { hours: 0, words: "no longer: it ends at once" },
];
const DEFAULT_OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;

type Props = {
  target: DeploymentKey;
  token: ClientTokenView;
  nowMs: number;
  onClose: () => void;
  onRotated: (rotated: RotatedClientToken) => void;
};

/** Says what an overlap is for, and gives the client a new token beside its old one. */
export function RotateDialog({ target, token, nowMs, onClose, onRotated }: Props) {
  const [overlapHours, setOverlapHours] = useState(DEFAULT_OVERLAP_HOURS);
  const [expiry, setExpiry] = useState<Expiry>(DEFAULT_EXPIRY);
  const [methods, setMethods] = useState(token.scope.methods);
  const { isPending, failure, run } = useAction();
  const { client, hint } = token;

  async function rotate(event: SyntheticEvent) {
    event.preventDefault();
    const input = { ...target, client, overlapHours, expiresInDays: daysOf(expiry), scope: { methods } };
    const rotated = await run(() => trpc.token.rotate.mutate(input));
    if (rotated !== null) onRotated(rotated);
  }

  return (
    <Dialog title={`Rotate the token of ${client}?`} onClose={onClose}>
      <form noValidate onSubmit={rotate} className="grid gap-4">
        <p>
          {client} gets a new token, shown once. The old one, <span className="font-mono text-sm">{hint}</span>, goes on
          beside it, so that you can put the new one into the client without a failed call.
        </p>
        <SelectField
          label="The old token goes on for"
          value={overlapHours}
          onChange={({ target: field }) => setOverlapHours(Number(field.value))}
          hint={overlapWords(token, overlapHours, nowMs)}
        >
          {OVERLAPS.map(({ hours, words }) => (
            <option key={hours} value={hours}>
              {words}
            </option>
          ))}
        </SelectField>
        <ExpiryField label="The new token expires" value={expiry} onChange={setExpiry} />
        <ScopeField methods={methods} onChange={setMethods} />
        <FailureNotice failure={failure} />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={isPending || methods.length === 0}>
            {isPending ? "Rotating…" : "Rotate"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the chosen overlap means for the old token, which never outlives its own expiry. */
function overlapWords({ expiresAt }: ClientTokenView, overlapHours: number, nowMs: number): string {
  if (overlapHours === 0) return "Calls with it fail from now on, until the client has the new one.";
  const endsFirst = expiresAt !== null && Date.parse(expiresAt) - nowMs <= overlapHours * HOUR_MS;
  if (endsFirst) return `It expires ${expiryWords(expiresAt, nowMs)} anyway, and is refused after that.`;
  return "After that calls with it are refused. You can revoke it sooner.";
}
