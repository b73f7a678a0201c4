import type { ClientTokenView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { RotateDialog } from "./rotate-dialog.tsx";
import { type Shown, ShownToken } from "./shown-token.tsx";
import { TokenForm } from "./token-form.tsx";
import { TokenList } from "./token-list.tsx";
import { endingSoon, expiryWords, isGood, untilNextEnd } from "./token-state.ts";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

type Props = { details: DeploymentDetails; gatewayUrl: string; nowMs: number };
type Asked = { what: "rotate" | "revoke"; token: ClientTokenView };

/** Who may call the deployment: make tokens, see what is known of them, replace and end them. */
export function AccessTab({ details, gatewayUrl, nowMs }: Props) {
  const { group, name, isPublic } = details;
  const target = { group, name };
  const { tokens, failure, readAgain } = useTokens(details);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const [said, setSaid] = useState("");
  const show = (fresh: Shown) => {
    setShown((now) => [fresh, ...now]);
    setAsked(null);
    readAgain();
  };
  const rotate = (token: ClientTokenView) => setAsked({ what: "rotate", token });

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {isPublic ? (
        <p className="rounded-lg border border-line bg-surface p-4">
          It is public: whoever reaches its URL can call it, with or without a token.
        </p>
      ) : null}
      {endingSoon(tokens ?? [], nowMs).map((token) => (
        <EndNotice key={token.id} token={token} nowMs={nowMs} onRotate={() => rotate(token)} />
      ))}
      {shown.map((one) => (
        <ShownToken
          key={one.token}
          {...{ details, gatewayUrl, nowMs }}
          shown={one}
          onDone={() => setShown((now) => now.filter((other) => other !== one))}
        />
      ))}
      <section aria-labelledby="create-token" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
        <h2 id="create-token" className="mb-3 font-semibold text-lg">
          Create a token
        </h2>
        <TokenForm target={target} taken={(tokens ?? []).filter(isGood).map(({ client }) => client)} onCreated={show} />
      </section>
      <section aria-labelledby="tokens">
        <h2 id="tokens" className="mb-3 font-semibold text-lg">
          Client tokens
        </h2>
        <p role="status" className="mb-2 text-sm empty:hidden">
          {said}
        </p>
        {tokens === undefined && failure === null ? <Skeleton className="h-24 w-full" /> : null}
        {tokens === undefined ? <FailureNotice failure={failure} /> : null}
        {tokens === undefined ? null : (
          <TokenList
            {...{ tokens, nowMs }}
            onRotate={rotate}
            onRevoke={(token) => setAsked({ what: "revoke", token })}
          />
        )}
      </section>
      {asked?.what === "rotate" ? (
        <RotateDialog {...{ target, nowMs }} token={asked.token} onClose={() => setAsked(null)} onRotated={show} />
      ) : null}
      {asked?.what === "revoke" ? (
        <RevokeDialog
          {...{ target, nowMs }}
          token={asked.token}
          hasOther={(tokens ?? []).filter(isGood).some((other) => isOther(other, asked.token))}
          onClose={() => setAsked(null)}
          onRevoked={(isRefused) => {
            setSaid(revokedWords(asked.token, isRefused));
            setAsked(null);
            readAgain();
          }}
        />
      ) : null}
    </div>
  );
}

/** The tokens, read again when one of them ends. */
function useTokens({ group, name, uid }: DeploymentDetails) {
  const queryClient = useQueryClient();
  const queryKey = [DEPLOYMENT_KEY, uid, "tokens"];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => trpc.token.list.query({ group, name }, { signal }),
    refetchInterval: ({ state }) => untilNextEnd(state.data?.items ?? [], Date.now()) ?? false,
  });
  return {
    tokens: data?.items,
    failure: error === null ? null : failureOf(error),
    readAgain: () => void queryClient.invalidateQueries({ queryKey }),
  };
}

function EndNotice({ token, nowMs, onRotate }: { token: ClientTokenView; nowMs: number; onRotate: () => void }) {
  const { client, expiresAt } = token;
  return (
    <div className="rounded-lg border border-line">
      <Notice tone="warn" title={`The token of ${client} expires ${expiryWords(expiresAt, nowMs)}`}>
        <p className="mb-3">After that its calls are refused. Rotate it now, and none has to fail.</p>
        <Button onClick={onRotate}>Rotate it</Button>
      </Notice>
    </div>
  );
}

function isOther(other: ClientTokenView, { id, client }: ClientTokenView): boolean {
  return other.client === client && other.id !== id;
}

function revokedWords({ client, state }: ClientTokenView, isRefused: boolean): string {
  const which = state === "ending" ? "The old token" : "The token";
  return isRefused
    ? `${which} of ${client} is refused from now on.`
    : `${which} of ${client} is revoked; gateways that were not reached refuse it in a moment.`;
}
