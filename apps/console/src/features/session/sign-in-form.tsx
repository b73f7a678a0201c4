"use client";
import { useEffect, useState } from "react";
import { CredentialForm } from "./credential-form.tsx";
import { LinkForm } from "./link-form.tsx";

/** Signing in: by the one-time link that opened this page, else by a password or passkey. */
export function SignInForm() {
  const [secret, setSecret] = useState<string | null>(null);
  useEffect(() => {
    const found = takeSecret(window.location);
    if (found !== "") window.history.replaceState(null, "", window.location.pathname);
    setSecret(found);
  }, []);
  if (secret === null) return <p className="text-ink-soft">One moment…</p>;
  return secret === "" ? <CredentialForm /> : <LinkForm secret={secret} />;
}

/** The secret of `#…`, `#link=…` or `?link=…`. */
function takeSecret({ hash, search }: Location): string {
  const fragment = decodeURIComponent(hash.slice(1));
  if (fragment !== "") return fragment.startsWith("link=") ? fragment.slice("link=".length) : fragment;
  return new URLSearchParams(search).get("link") ?? "";
}
