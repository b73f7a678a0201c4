"use client";
import type { AccountView as Account } from "@slipway/contracts";
import { Notice } from "@slipway/ui/notice";
import { type ReactNode, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { PasskeySection } from "./passkey-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { SessionSection } from "./session-section.tsx";

/** The account, as the last answer of the API told it. */
export function AccountView({ first, nowMs }: { first: Account; nowMs: number }) {
  const [account, setAccount] = useState(first);
  const [done, setDone] = useState("");
  const take = (words: string) => (answer: Account) => {
    setAccount(answer);
    setDone(words);
  };
  const hasOwnWayIn = account.hasPassword || account.passkeys.length > 0;
  return (
    <div className="grid max-w-3xl gap-6">
      <div>
        <h1 className="font-semibold text-2xl tracking-tight">Your account</h1>
        <p className="mt-0.5 text-ink-soft text-sm">
          You are <strong className="font-medium text-ink">{account.user}</strong>; what you do stands under this name
          in the activity.
        </p>
      </div>
      {hasOwnWayIn ? null : (
        <Notice tone="warn" title="You cannot sign in again yet.">
          <p>You came by a link, which works once. Set a password or add a passkey for the next time.</p>
        </Notice>
      )}
      <p role="status" className="font-medium text-good text-sm empty:hidden">
        {done}
      </p>
      <PasswordSection account={account} take={take("The password is set. Your other browsers are signed out.")} />
      <PasskeySection
        passkeys={account.passkeys}
        nowMs={nowMs}
        readAgain={async () => take("The passkey is added.")(await trpc.identity.account.query())}
        take={take("The passkey is removed.")}
      />
      <SessionSection sessions={account.sessions} nowMs={nowMs} take={take("Signed out there.")} />
    </div>
  );
}

/** One part of the page. */
export function AccountPart({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id={id} className="mb-3 font-semibold text-lg">
        {title}
      </h2>
      {children}
    </section>
  );
}
