import type { CreatedClientToken } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { CopyButton } from "@slipway/ui/copy-button";
import { SelectField, TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";

const EXPIRIES = [
  { value: "7", words: "in 7 days" },
  { value: "30", words: "in 30 days" },
  { value: "90", words: "in 90 days" },
  { value: "365", words: "in 365 days" },
  { value: "never", words: "never" },
] as const;
const DEFAULT_EXPIRY = "90";

/** Makes a token for a client, and shows it this once; it is kept nowhere but on the screen. */
export function TokenForm({ details, onCreated }: { details: DeploymentDetails; onCreated: () => void }) {
  const { group, name } = details;
  const [client, setClient] = useState("");
  const [expiry, setExpiry] = useState<string>(DEFAULT_EXPIRY);
  const [created, setCreated] = useState<CreatedClientToken | null>(null);
  const { isPending, failure, run } = useAction();
  const problem = problemOf(failure, "client");

  async function create(event: SyntheticEvent) {
    event.preventDefault();
    const expiresInDays = expiry === "never" ? null : Number(expiry);
    const answer = await run(() => trpc.token.create.mutate({ group, name, client, expiresInDays }));
    if (answer === null) return;
    setCreated(answer);
    setClient("");
    onCreated();
  }

  return (
    <section aria-labelledby="create-token" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="create-token" className="mb-3 font-semibold text-lg">
        Create a token
      </h2>
      <form
        noValidate
        onSubmit={create}
        className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_10rem_auto] sm:gap-x-4"
      >
        <TextField
          label="Client"
          value={client}
          onChange={({ target }) => setClient(target.value)}
          hint="Who calls with it, such as shop or batch_job."
          error={problem}
          maxLength={63}
          autoCapitalize="none"
          spellCheck={false}
        />
        <SelectField label="Expires" value={expiry} onChange={({ target }) => setExpiry(target.value)}>
          {EXPIRIES.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        <Button type="submit" look="primary" disabled={isPending || client === ""} className="min-h-9 sm:mt-6">
          {isPending ? "Creating…" : "Create token"}
        </Button>
      </form>
      <FailureNotice failure={problem === "" ? failure : null} />
      <div aria-live="polite">
        {created === null ? null : <ShownToken created={created} onDone={() => setCreated(null)} />}
      </div>
    </section>
  );
}

function ShownToken({ created, onDone }: { created: CreatedClientToken; onDone: () => void }) {
  return (
    <div className="mt-4 rounded-lg border-good border-l-4 bg-good-soft p-4">
      <p className="font-semibold text-good">The token of {created.client}: copy it now, it is not shown again.</p>
      <p data-token className="wrap-anywhere my-3 rounded-md bg-surface p-3 font-mono text-sm">
        {created.token}
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={created.token} what="the token" />
        <Button onClick={onDone}>I have it</Button>
      </div>
      {created.routed ? null : <p className="mt-3 text-sm">Gateways learn of it in a moment.</p>}
    </div>
  );
}
