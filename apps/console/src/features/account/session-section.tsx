import type { AccountView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { RelativeTime } from "@slipway/ui/relative-time";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { AccountPart } from "./account-view.tsx";
import { browserWords } from "./browser-words.ts";

type Session = AccountView["sessions"][number];
type Props = { sessions: readonly Session[]; nowMs: number; take: (answer: AccountView) => void };

const METHODS: { readonly [Method in NonNullable<Session["method"]>]: string } = {
  link: "by a link",
  password: "by password",
  passkey: "by a passkey",
};

/** The browsers that are signed in to this account, and how to sign them out from here. */
export function SessionSection({ sessions, nowMs, take }: Props) {
  const { isPending, failure, run } = useAction();
  const end = async (call: () => Promise<AccountView>) => {
    const answer = await run(call);
    if (answer !== null) take(answer);
  };
  return (
    <AccountPart id="sessions" title="Browsers that are signed in">
      <ul className="grid gap-2">
        {sessions.map((session) => (
          <li
            key={session.id}
            className="flex min-h-12 flex-wrap items-center justify-between gap-3 border-line border-b pb-2 last:border-b-0"
          >
            <span className="text-sm">
              <span className="block font-medium">
                {browserWords(session.userAgent)}
                {session.isThisOne ? " · this one" : ""}
              </span>
              <span className="text-ink-soft">
                signed in{session.method === null ? "" : ` ${METHODS[session.method]}`} ·{" "}
                <RelativeTime iso={session.createdAt} nowMs={nowMs} />
              </span>
            </span>
            {session.isThisOne ? null : (
              <Button
                disabled={isPending}
                onClick={() => void end(() => trpc.identity.endSession.mutate({ id: session.id }))}
                aria-label={`Sign out ${browserWords(session.userAgent)}`}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length < 2 ? null : (
        <Button
          look="danger"
          disabled={isPending}
          className="mt-4"
          onClick={() => void end(() => trpc.identity.endOtherSessions.mutate())}
        >
          Sign out every other browser
        </Button>
      )}
      <FailureNotice failure={failure} />
    </AccountPart>
  );
}
