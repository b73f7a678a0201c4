import type { AccountView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { Notice } from "@slipway/ui/notice";
import { RelativeTime } from "@slipway/ui/relative-time";
import { type SyntheticEvent, useEffect, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { addPasskey, hasPasskeys, type PasskeyProblem, passkeyProblem } from "../session/passkey.ts";
import { AccountPart } from "./account-view.tsx";

type Passkey = AccountView["passkeys"][number];
type Props = {
  passkeys: readonly Passkey[];
  nowMs: number;
  /** Called when the authenticator knows a new one. */
  readAgain: () => Promise<void>;
  take: (answer: AccountView) => void;
};

/** The passkeys of the account, and how to add one. */
export function PasskeySection({ passkeys, nowMs, readAgain, take }: Props) {
  const removal = useAction();
  return (
    <AccountPart id="passkeys" title="Passkeys">
      <p className="mb-4 max-w-prose text-ink-soft text-sm">
        A passkey stays on your device and is unlocked there, by a fingerprint, a face or a PIN. Nobody can guess it,
        and no other site gets it.
      </p>
      {passkeys.length === 0 ? null : (
        <ul className="mb-4 grid gap-2">
          {passkeys.map((passkey) => (
            <li
              key={passkey.id}
              className="flex flex-wrap items-center justify-between gap-3 border-line border-b pb-2"
            >
              <span className="min-w-0">
                <span className="wrap-anywhere block font-medium text-sm">{passkey.name ?? "Passkey"}</span>
                {passkey.createdAt === null ? null : (
                  <span className="text-ink-soft text-sm">
                    added <RelativeTime iso={passkey.createdAt} nowMs={nowMs} />
                  </span>
                )}
              </span>
              <Button
                look="danger"
                disabled={removal.isPending}
                aria-label={`Remove the passkey ${passkey.name ?? ""}`}
                onClick={async () => {
                  const answer = await removal.run(() => trpc.identity.removePasskey.mutate({ id: passkey.id }));
                  if (answer !== null) take(answer);
                }}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <FailureNotice failure={removal.failure} />
      <AddPasskey onAdded={readAgain} />
    </AccountPart>
  );
}

function AddPasskey({ onAdded }: { onAdded: () => Promise<void> }) {
  const [name, setName] = useState("");
  const [isPending, setPending] = useState(false);
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState<PasskeyProblem | null>(null);
  const [elsewhere, setElsewhere] = useState("");
  useEffect(() => {
    setProblem(passkeyProblem(window.location, hasPasskeys()));
    setElsewhere(`http://localhost:${window.location.port}/account`);
  }, []);

  async function add(event: SyntheticEvent) {
    event.preventDefault();
    setPending(true);
    const answer = await addPasskey(name.trim() === "" ? "Passkey" : name.trim());
    setWords(answer.ok ? "" : answer.words);
    if (answer.ok) {
      setName("");
      await onAdded();
    }
    setPending(false);
  }

  if (problem === "address") {
    return (
      <Notice tone="quiet" title="Passkeys need a name instead of an address.">
        <p>
          Browsers keep none for a bare IP address. On this machine open{" "}
          <a href={elsewhere} className="wrap-anywhere rounded text-accent underline underline-offset-4">
            {elsewhere}
          </a>{" "}
          and sign in there.
        </p>
      </Notice>
    );
  }
  if (problem === "no support") return <Notice tone="quiet" title="This browser knows no passkeys." />;
  return (
    <form onSubmit={add} className="grid max-w-md gap-4">
      <TextField
        label="Name of the passkey"
        value={name}
        maxLength={63}
        onChange={({ target }) => setName(target.value)}
        hint="To tell it from others, such as Laptop or Phone."
      />
      <div>
        <Button type="submit" disabled={isPending}>
          {isPending ? "Waiting for the device…" : "Add a passkey"}
        </Button>
      </div>
      <div aria-live="polite" className="empty:hidden">
        {words === "" ? null : <Notice tone="bad" title={words} />}
      </div>
    </form>
  );
}
