import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { type SyntheticEvent, useState } from "react";
import { wordsOf } from "./auth-call.ts";
import { HowToGetALink } from "./how-to-get-a-link.tsx";

type State = { step: "ready" | "sending" } | { step: "refused"; words: string };

/**
 * Spends a one-time link, on a press only: browsers fetch links ahead, and that must not use it up. The secret stood in the
 * fragment, which no request and no log carries, and has left the address bar by now.
 */
export function LinkForm({ secret, onSignedIn }: { secret: string; onSignedIn: () => void }) {
  const [state, setState] = useState<State>({ step: "ready" });
  async function signIn(event: SyntheticEvent) {
    event.preventDefault();
    setState({ step: "sending" });
    const answer = await spendLink(secret);
    if (answer === null) onSignedIn();
    else setState(answer);
  }
  return (
    <form onSubmit={signIn} className="grid gap-4">
      <p className="text-ink-soft">This link signs this browser in. It works once.</p>
      <Button type="submit" look="primary" disabled={state.step !== "ready"} className="min-h-10 w-full">
        {state.step === "sending" ? "Signing in…" : "Sign in"}
      </Button>
      <div aria-live="polite">
        {state.step === "refused" ? (
          <Notice tone="bad" title={state.words}>
            <HowToGetALink />
          </Notice>
        ) : null}
      </div>
    </form>
  );
}

/** Null when the browser is signed in now, else why it is not. */
async function spendLink(secret: string): Promise<State | null> {
  try {
    const response = await fetch("/sign-in", {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ link: secret }),
      redirect: "manual",
    });
    if (response.ok) return null;
    return { step: "refused", words: wordsOf(await response.json().catch(() => null)) };
  } catch {
    return { step: "refused", words: wordsOf(null) };
  }
}
