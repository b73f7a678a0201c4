"use client";
import { Notice } from "@slipway/ui/notice";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { CredentialForm } from "./credential-form.tsx";
import { LinkForm } from "./link-form.tsx";
import { rememberReturn, takeReturn } from "./return-address.ts";
import { ENDED_PARAMETER, NEXT_PARAMETER, pageAfterSignIn } from "./sign-in-page.ts";

/** Signing in: by the one-time link that opened this page, else by a password or passkey. */
export function SignInForm() {
  const [secret, setSecret] = useState<string | null>(null);
  const parameters = useSearchParams();
  const next = parameters.get(NEXT_PARAMETER);
  useEffect(() => {
    const found = takeSecret(window.location);
    if (found !== "") window.history.replaceState(null, "", window.location.pathname);
    setSecret(found);
  }, []);
  useEffect(() => {
    if (next !== null) rememberReturn(next, Date.now());
  }, [next]);
  const goOn = () => window.location.assign(pageAfterSignIn(next, takeReturn(Date.now())));
  if (secret === null) return <p className="text-ink-soft">One moment…</p>;
  return (
    <>
      {parameters.has(ENDED_PARAMETER) ? (
        <div className="mb-4 rounded-lg border border-line">
          <Notice tone="warn" title="You were signed out.">
            <p>Sign in to go back to where you were.</p>
          </Notice>
        </div>
      ) : null}
      {secret === "" ? <CredentialForm onSignedIn={goOn} /> : <LinkForm secret={secret} onSignedIn={goOn} />}
    </>
  );
}

/** The secret of `#…`, `#link=…` or `?link=…`. */
function takeSecret({ hash, search }: Location): string {
  const fragment = decodeURIComponent(hash.slice(1));
  if (fragment !== "") return fragment.startsWith("link=") ? fragment.slice("link=".length) : fragment;
  return new URLSearchParams(search).get("link") ?? "";
}
