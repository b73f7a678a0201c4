import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { Icon } from "@slipway/ui/icon";
import { Notice } from "@slipway/ui/notice";
import { type SyntheticEvent, useEffect, useState } from "react";
import { type AuthAnswer, callAuth } from "./auth-call.ts";
import { HowToGetALink } from "./how-to-get-a-link.tsx";
import { hasPasskeys, type PasskeyProblem, passkeyProblem, signInByPasskey } from "./passkey.ts";

/** Signing in with a name and password, or with a passkey. What was typed stays when it is refused. */
export function CredentialForm({ onSignedIn }: { onSignedIn: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isPending, setPending] = useState(false);
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState<PasskeyProblem | null>("no support");
  useEffect(() => setProblem(passkeyProblem(window.location, hasPasskeys())), []);

  async function go(way: () => Promise<AuthAnswer>) {
    setPending(true);
    setWords("");
    const answer = await way();
    if (answer.ok) return onSignedIn();
    setWords(answer.words);
    setPending(false);
  }
  const byPassword = (event: SyntheticEvent) => {
    event.preventDefault();
    void go(() => callAuth("/sign-in/username", { username: name, password }));
  };

  return (
    <div className="grid gap-5">
      <form onSubmit={byPassword} className="grid gap-4">
        <TextField
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={63}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={128}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="submit" look="primary" disabled={isPending} className="min-h-10 w-full">
          {isPending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
      {problem === null ? (
        <Button disabled={isPending} onClick={() => void go(signInByPasskey)} className="min-h-10 w-full">
          <Icon name="lock" />
          Sign in with a passkey
        </Button>
      ) : null}
      <div aria-live="polite" className="empty:hidden">
        {words === "" ? null : <Notice tone="bad" title={words} />}
      </div>
      <div className="border-line border-t pt-4 text-ink-soft text-sm">
        <p className="mb-1 font-medium text-ink">Neither of them, or lost?</p>
        <HowToGetALink />
      </div>
    </div>
  );
}
