import type { CreatedClientToken, TokenMethod } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { type SyntheticEvent, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import type { DeploymentKey } from "./deployment-path.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { DEFAULT_EXPIRY, daysOf, type Expiry, ExpiryField, ScopeField } from "./token-fields.tsx";
import { clientNameProblem } from "./token-state.ts";

const EVERYTHING: readonly TokenMethod[] = ["infer", "metadata"];

type Props = {
  target: DeploymentKey;
  /** Clients that have a token; their names are not free. */
  taken: readonly string[];
  onCreated: (created: CreatedClientToken) => void;
};

/** Makes a token for a client: its name is checked while it is typed, all else has a default. */
export function TokenForm({ target: { group, name }, taken, onCreated }: Props) {
  const [client, setClient] = useState("");
  const [expiry, setExpiry] = useState<Expiry>(DEFAULT_EXPIRY);
  const [methods, setMethods] = useState(EVERYTHING);
  const { isPending, failure, run } = useAction();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState("");
  const refused = client === tried ? problemOf(failure, "client") : "";
  const problem = clientNameProblem(client, taken) || refused;

  async function create(event: SyntheticEvent) {
    event.preventDefault();
    if (client === "" || problem !== "") return form.current?.querySelector("input")?.focus();
    setTried(client);
    const scope = { methods: [...methods] };
    const created = await run(() =>
      trpc.token.create.mutate({ group, name, client, expiresInDays: daysOf(expiry), scope }),
    );
    if (created === null) return;
    setClient("");
    onCreated(created);
  }

  return (
    <form ref={form} noValidate onSubmit={create} className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_10rem_auto]">
      <TextField
        label="Client"
        value={client}
        onChange={({ target }) => setClient(target.value)}
        hint="Who calls with it: small letters, digits, _ and -, such as shop or batch_job."
        error={problem}
        maxLength={63}
        autoCapitalize="none"
        spellCheck={false}
      />
      <ExpiryField label="Expires" value={expiry} onChange={setExpiry} />
      <ScopeField methods={methods} onChange={setMethods} />
      <div className="lg:col-span-full">
        <Button type="submit" look="primary" disabled={isPending || methods.length === 0} className="min-h-9">
          {isPending ? "Creating…" : "Create token"}
        </Button>
        <FailureNotice failure={refused === "" ? failure : null} />
      </div>
    </form>
  );
}
