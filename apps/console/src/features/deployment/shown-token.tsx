import type { CreatedClientToken } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { CopyButton } from "@slipway/ui/copy-button";
import { ExactTime } from "@slipway/ui/relative-time";
import { useEffect, useRef } from "react";
import type { DeploymentDetails } from "./deployment-details.ts";
import { callWithToken } from "./snippets.ts";
import { useSample } from "./use-sample.ts";

/** A token that was just made; of a rotation also what it replaced. */
export type Shown = CreatedClientToken & { replaced?: { hint: string; endsAt: string } };

type Props = { shown: Shown; details: DeploymentDetails; gatewayUrl: string; nowMs: number; onDone: () => void };

/** Shows a token this once, with a call that is ready to run. It is kept nowhere but on the screen. */
export function ShownToken({ shown, details, gatewayUrl, nowMs, onDone }: Props) {
  const { client, token, scope, replaced, routed } = shown;
  const panel = useRef<HTMLElement>(null);
  const { sample } = useSample(details);
  const { group, name } = details;
  const call = callWithToken({ gatewayUrl, group, name, token, methods: scope.methods, sample });
  // What was asked for appears here; whoever goes by keyboard or listens goes on from it.
  useEffect(() => panel.current?.focus(), []);
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={`The new token of ${client}`}
      className="rounded-lg border-good border-l-4 bg-good-soft p-4"
    >
      <p className="font-semibold text-good">The new token of {client}: copy it now, it is not shown again.</p>
      <p data-token className="wrap-anywhere my-3 rounded-md bg-surface p-3 font-mono text-sm">
        {token}
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={token} what="the token" />
        {call === null ? null : <CopyButton text={call} what="a ready call" />}
        <Button onClick={onDone}>I have it</Button>
      </div>
      {call === null ? null : (
        <div className="mt-3">
          <CodeBlock text={call} label={`A call with the token of ${client}`} />
        </div>
      )}
      {replaced === undefined ? null : (
        <p className="mt-3 text-sm">
          {Date.parse(replaced.endsAt) <= nowMs ? (
            <>The old token {replaced.hint} has ended.</>
          ) : (
            <>
              The old token {replaced.hint} goes on until <ExactTime iso={replaced.endsAt} />. Put the new one into the
              client before that.
            </>
          )}
        </p>
      )}
      {routed ? null : <p className="mt-3 text-sm">Gateways learn of it in a moment.</p>}
    </section>
  );
}
