import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { type SyntheticEvent, useState } from "react";
import { wordsOf } from "./auth-call.ts";
import { HowToGetALink } from "./how-to-get-a-link.tsx";
import { PAGE_AFTER_SIGN_IN } from "./sign-in-page.ts";

type State = { step: "ready" | "sending" } | { step: "refused"; words: string };

/**
 * Spends a one-time link, on a press only: browsers fetch links ahead, and that must not use it up. The secret stood in the
 * fragment, which no request and no log carries, and has left the address bar by now.
 */
export function LinkForm({ secret }: { secret: string }) {
  const [state, setState] = useState<State>({ step: "ready" });
  async function signIn(event: SyntheticEvent) {
    event.preventDefault();
    setState({ step: "sending" });
    setState(await spendLink(secret));
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

async function spendLink(secret: string): Promise<State> {
  try {
    const response = await fetch("/sign-in", {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ link: secret }),
      redirect: "manual",
    });
    if (response.ok) {
      window.location.assign(PAGE_AFTER_SIGN_IN);
      return { step: "sending" };
    }
    return { step: "refused", words: wordsOf(await response.json().catch(() => null)) };
  } catch {
    return { step: "refused", words: wordsOf(null) };
  }
}
