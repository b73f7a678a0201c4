import type { ClientTokenView, TokenState } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { Button } from "@slipway/ui/button";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { ExactTime, RelativeTime } from "@slipway/ui/relative-time";
import { expiryWords, isGood, scopeWords } from "./token-state.ts";

const TITLES = ["Client", "State", "Good for", "Created", "Last used", "Ends", "Actions"];

type Props = {
  tokens: readonly ClientTokenView[];
  nowMs: number;
  onRotate: (token: ClientTokenView) => void;
  onRevoke: (token: ClientTokenView) => void;
};

/** What is known of each token; those that ended stay, so that people can tell why a call is refused. */
export function TokenList({ tokens, nowMs, onRotate, onRevoke }: Props) {
  if (tokens.length === 0) {
    return (
      <div className="rounded-xl border border-line bg-surface p-6 text-center text-ink-soft">
        <p>No client has a token yet.</p>
        <p>Create one above for whoever is to call; it is shown once.</p>
      </div>
    );
  }
  return (
    <CardTable caption="Client tokens" titles={TITLES}>
      {tokens.map((token) => (
        <CardRow
          key={token.id}
          name={token.client}
          head={<TokenName token={token} />}
          className="@max-4xl:@xl:grid-cols-3"
        >
          <CardCell title="State">
            <StateBadge state={token.state} />
          </CardCell>
          <CardCell title="Good for">{scopeWords(token.scope.methods)}</CardCell>
          <CardCell title="Created">
            <RelativeTime iso={token.createdAt} nowMs={nowMs} />
          </CardCell>
          <CardCell title="Last used">
            {token.lastUsedAt === null ? "never" : <RelativeTime iso={token.lastUsedAt} nowMs={nowMs} />}
          </CardCell>
          <CardCell title="Ends">
            <TokenEnd token={token} nowMs={nowMs} />
          </CardCell>
          <CardCell title="Actions" className={isGood(token) ? "col-span-full" : "@max-4xl:hidden"}>
            <div className="flex flex-wrap gap-2">
              {canRotate(token, tokens) ? (
                <Button aria-label={`Rotate the token of ${token.client}`} onClick={() => onRotate(token)}>
                  Rotate
                </Button>
              ) : null}
              {isGood(token) ? (
                <Button aria-label={revokeName(token)} onClick={() => onRevoke(token)}>
                  Revoke
                </Button>
              ) : null}
            </div>
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}

/** A client has two tokens at most: while one runs out, the other stays. */
function canRotate({ state, client }: ClientTokenView, tokens: readonly ClientTokenView[]): boolean {
  return state === "valid" && !tokens.some((other) => other.client === client && other.state === "ending");
}

function revokeName({ client, state }: ClientTokenView): string {
  return state === "ending" ? `Revoke the old token of ${client}` : `Revoke the token of ${client}`;
}

function TokenName({ token: { client, hint } }: { token: ClientTokenView }) {
  return (
    <>
      <span className="wrap-anywhere block font-semibold text-ink">{client}</span>
      <span className="wrap-anywhere block font-mono text-ink-soft text-xs">{hint}</span>
    </>
  );
}

function TokenEnd({ token: { state, expiresAt, revokedAt }, nowMs }: { token: ClientTokenView; nowMs: number }) {
  if (revokedAt !== null) return <RelativeTime iso={revokedAt} nowMs={nowMs} />;
  if (expiresAt === null) return "never";
  if (state === "expired") return <RelativeTime iso={expiresAt} nowMs={nowMs} />;
  return (
    <>
      {expiryWords(expiresAt, nowMs)}
      <ExactTime iso={expiresAt} className="block text-ink-soft text-xs" />
    </>
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
