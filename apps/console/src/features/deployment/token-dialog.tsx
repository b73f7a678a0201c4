import { Dialog } from "@slipway/ui/dialog";
import { useState } from "react";
import type { DeploymentDetails } from "./deployment-details.ts";
import { type Shown, ShownToken } from "./shown-token.tsx";
import { TokenForm } from "./token-form.tsx";

type Props = { details: DeploymentDetails; gatewayUrl: string; nowMs: number; onClose: () => void };

/** Makes a token where a call lacks one, and shows it with the call; all else about tokens stands in Access. */
export default function TokenDialog({ details, gatewayUrl, nowMs, onClose }: Props) {
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <Dialog title={`Create a token for ${details.name}`} onClose={onClose}>
      {shown === null ? (
        <TokenForm target={details} taken={[]} onCreated={setShown} />
      ) : (
        <ShownToken {...{ shown, details, gatewayUrl, nowMs }} onDone={onClose} />
      )}
    </Dialog>
  );
}
