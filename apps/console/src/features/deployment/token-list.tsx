import type { ClientTokenView, TokenState } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { ExactTime, RelativeTime } from "@slipway/ui/relative-time";
import type { ReactNode } from "react";
import { expiryWords, isGood, scopeWords } from "./token-state.ts";

type Props = {
  tokens: readonly ClientTokenView[];
  nowMs: number;
  /** What can be done with a token that is valid. */
  action: (token: ClientTokenView) => ReactNode;
};

/** What is known of each token; those that ended stay, so that people can tell why a call is refused. */
export function TokenList({ tokens, nowMs, action }: Props) {
  if (tokens.length === 0) {
    return (
      <p className="rounded-xl border border-line bg-surface p-6 text-center text-ink-soft">
        No client has a token yet.
      </p>
    );
  }
  return (
    <ul className="rounded-xl border border-line bg-surface">
      {tokens.map((token) => {
        return (
          <li
            key={token.id}
            data-client={token.client}
            className="grid grid-cols-2 items-center gap-x-4 gap-y-3 border-line border-b p-4 text-sm last:border-b-0 sm:grid-cols-[minmax(0,1fr)_7rem_6rem_11rem_5.5rem]"
          >
            <div className="min-w-0">
              <p className="wrap-anywhere font-semibold">{token.client}</p>
              <p className="font-mono text-ink-soft text-xs">{token.hint}</p>
              <p className="text-ink-soft text-xs">{scopeWords(token.scope.methods)}</p>
            </div>
            <div>
              <StateBadge state={token.state} />
            </div>
            <Moment title="Created">
              <RelativeTime iso={token.createdAt} nowMs={nowMs} />
            </Moment>
            {token.revokedAt === null ? (
              <Moment title="Expires">
                {expiryWords(token.expiresAt, nowMs)}
                {token.expiresAt === null ? null : (
                  <ExactTime iso={token.expiresAt} className="block text-ink-soft text-xs" />
                )}
              </Moment>
            ) : (
              <Moment title="Revoked">
                <RelativeTime iso={token.revokedAt} nowMs={nowMs} />
              </Moment>
            )}
            <div className="col-span-full empty:hidden sm:col-span-1 sm:text-right sm:empty:block">
              {isGood(token) ? action(token) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Moment({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <p className="text-ink-soft text-xs">{title}</p>
      {children}
    </div>
  );
}

function StateBadge({ state }: { state: TokenState }) {
  switch (state) {
    case "valid":
      return <Badge icon="check" tone="good" word="Valid" />;
    case "ending":
      return <Badge icon="clock" tone="busy" word="Ending" />;
    case "expired":
      return <Badge icon="clock" tone="quiet" word="Expired" />;
    case "revoked":
      return <Badge icon="cross" tone="quiet" word="Revoked" />;
    default:
      return state satisfies never;
  }
}
