import type { AccountView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { AccountPart } from "./account-view.tsx";

/** Sets the password. The old one is asked for where there is one; just after a link it may stay empty. */
export function PasswordSection({ account, take }: { account: AccountView; take: (answer: AccountView) => void }) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const { isPending, failure, run } = useAction();
  const problem = problemOf(failure, "password");
  const isWrong = failure?.code === "account/wrong_password";

  async function set(event: SyntheticEvent) {
    event.preventDefault();
    const input = current === "" ? { password } : { password, current };
    const answer = await run(() => trpc.identity.setPassword.mutate(input));
    if (answer === null) return;
    setCurrent("");
    setPassword("");
    take(answer);
  }

  const type = isShown ? "text" : "password";
  return (
    <AccountPart id="password" title="Password">
      <form noValidate onSubmit={set} className="grid max-w-md gap-4">
        <input type="text" name="username" autoComplete="username" value={account.user} readOnly hidden />
        {account.hasPassword ? (
          <TextField
            label="Password until now"
            type={type}
            autoComplete="current-password"
            maxLength={128}
            value={current}
            onChange={({ target }) => setCurrent(target.value)}
            hint="Lost it? Within 15 minutes of signing in by a link this may stay empty."
            error={isWrong ? failure.words : ""}
          />
        ) : null}
        <TextField
          label="New password"
          type={type}
          autoComplete="new-password"
          maxLength={128}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          hint="At least 10 characters. A password manager makes and keeps a good one."
          error={problem}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" disabled={isPending || password === ""}>
            {isPending ? "Setting…" : account.hasPassword ? "Change the password" : "Set a password"}
          </Button>
          <label className="flex min-h-8 cursor-pointer items-center gap-2 text-sm">
            <input type="checkbox" checked={isShown} onChange={({ target }) => setShown(target.checked)} />
            Show what is typed
          </label>
        </div>
      </form>
      <FailureNotice failure={problem === "" && !isWrong ? failure : null} />
    </AccountPart>
  );
}
