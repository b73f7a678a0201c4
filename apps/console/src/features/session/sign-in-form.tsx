"use client";
import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { type SyntheticEvent, useEffect, useState } from "react";

type State = { step: "looking" | "ready" | "missing" | "sending" } | { step: "refused"; words: string };

/**
 * Spends a one-time link, on a press only: browsers fetch links ahead, and that must not use it up. The secret stands in
 * the fragment, which no request and no log carries, and leaves the address bar at once.
 */
export function SignInForm() {
  const [secret, setSecret] = useState("");
  const [state, setState] = useState<State>({ step: "looking" });

  useEffect(() => {
    const found = takeSecret(window.location);
    if (found !== "") window.history.replaceState(null, "", window.location.pathname);
    setSecret(found);
    setState({ step: found === "" ? "missing" : "ready" });
  }, []);

  async function signIn(event: SyntheticEvent) {
    event.preventDefault();
    setState({ step: "sending" });
    setState(await spendLink(secret));
  }

  if (state.step === "missing") {
    return (
      <Notice tone="quiet" title="This page needs a sign-in link.">
        <HowToGetOne />
      </Notice>
    );
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
            <HowToGetOne />
          </Notice>
        ) : null}
      </div>
    </form>
  );
}

function HowToGetOne() {
  return (
    <p>
      Run <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono text-sm">npx slipway login-link</code> and open
      what it prints.
    </p>
  );
}

/** The secret of `#…`, `#link=…` or `?link=…`. */
function takeSecret({ hash, search }: Location): string {
  const fragment = decodeURIComponent(hash.slice(1));
  if (fragment !== "") return fragment.startsWith("link=") ? fragment.slice("link=".length) : fragment;
  return new URLSearchParams(search).get("link") ?? "";
}

async function spendLink(secret: string): Promise<State> {
  try {
    const response = await fetch("/sign-in", {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ link: secret }),
      redirect: "manual",
    });
    if (response.ok || response.type === "opaqueredirect") {
      window.location.assign("/deployments");
      return { step: "sending" };
    }
    const body: { error?: string } = await response.json().catch(() => ({}));
    return { step: "refused", words: body.error ?? "Signing in failed." };
  } catch {
    return { step: "refused", words: "Slipway does not answer." };
  }
}
