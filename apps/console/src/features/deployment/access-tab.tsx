import { Button } from "@slipway/ui/button";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { TokenForm } from "./token-form.tsx";
import { TokenList } from "./token-list.tsx";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

/** Who may call the deployment: make tokens, see what is known of them, end them. */
export function AccessTab({ details, nowMs }: { details: DeploymentDetails; nowMs: number }) {
  const { group, name, uid, isPublic } = details;
  const queryClient = useQueryClient();
  const queryKey = [DEPLOYMENT_KEY, uid, "tokens"];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => trpc.token.list.query({ group, name }, { signal }),
  });
  const [revoking, setRevoking] = useState<string | null>(null);
  const [revoked, setRevoked] = useState("");
  const readAgain = () => void queryClient.invalidateQueries({ queryKey });

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {isPublic ? (
        <p className="rounded-lg border border-line bg-surface p-4">
          It is public: whoever reaches its URL can call it, with or without a token.
        </p>
      ) : null}
      <TokenForm details={details} onCreated={readAgain} />
      <section aria-labelledby="tokens">
        <h2 id="tokens" className="mb-3 font-semibold text-lg">
          Client tokens
        </h2>
        <p role="status" className="mb-2 text-sm empty:hidden">
          {revoked}
        </p>
        {data === undefined && error === null ? <Skeleton className="h-24 w-full" /> : null}
        {data === undefined && error !== null ? <FailureNotice failure={failureOf(error)} /> : null}
        {data === undefined ? null : (
          <TokenList
            tokens={data.items}
            nowMs={nowMs}
            action={({ client }) => (
              <Button aria-label={`Revoke the token of ${client}`} onClick={() => setRevoking(client)}>
                Revoke
              </Button>
            )}
          />
        )}
      </section>
      {revoking === null ? null : (
        <RevokeDialog
          target={{ group, name, client: revoking }}
          onClose={() => setRevoking(null)}
          onRevoked={(isRefused) => {
            setRevoked(
              isRefused
                ? `The token of ${revoking} is refused from now on.`
                : `The token of ${revoking} is revoked; gateways that were not reached refuse it in a moment.`,
            );
            setRevoking(null);
            readAgain();
          }}
        />
      )}
    </div>
  );
}
