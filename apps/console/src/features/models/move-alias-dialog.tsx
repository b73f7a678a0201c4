import type { RegisteredModelView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { useToasts } from "@slipway/ui/toast";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { useReadRegistryAgain } from "./use-registry.ts";

type Props = {
  model: RegisteredModelView;
  /** Empty for a new one. */
  alias: string;
  /** What it stands for now; null for a new one. */
  version: number | null;
  onClose: () => void;
};

/** Lets an alias stand for a version, and says what that does. */
export function MoveAliasDialog({ model, alias, version, onClose }: Props) {
  const { name, group, latestVersion } = model;
  const [typedAlias, setTypedAlias] = useState(alias);
  const [typedVersion, setTypedVersion] = useState(String(latestVersion ?? ""));
  const { isPending, failure, run } = useAction();
  const readAgain = useReadRegistryAgain();
  const toasts = useToasts();
  const problems = { alias: problemOf(failure, "alias"), version: problemOf(failure, "version") };

  async function move(event: SyntheticEvent) {
    event.preventDefault();
    const target = { name, group, alias: typedAlias, version: Number(typedVersion) };
    const moved = await run(() => trpc.registry.setAlias.mutate(target));
    if (moved === null) return;
    void readAgain();
    onClose();
    const words = `Alias ${typedAlias} of ${name} stands for version ${moved.version}.`;
    if (version === null || version === moved.version) return toasts.show({ words });
    const undo = async () => {
      await trpc.registry.setAlias.mutate({ ...target, version });
      void readAgain();
    };
    toasts.show({ words, undo: { run: undo } });
  }

  return (
    <Dialog title={version === null ? `New alias of ${name}` : `Move alias ${alias}`} onClose={onClose}>
      <form noValidate onSubmit={move} className="grid gap-4">
        {version === null ? (
          <TextField
            label="Alias"
            hint="Small letters, digits and dashes, such as production"
            error={problems.alias}
            value={typedAlias}
            maxLength={63}
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setTypedAlias(target.value)}
          />
        ) : (
          <p>
            It stands for version {version} now. Deployments that follow it get a new revision each and change over
            without a failed request.
          </p>
        )}
        <TextField
          label="Version"
          hint={`The latest is ${latestVersion}`}
          error={problems.version}
          value={typedVersion}
          inputMode="numeric"
          onChange={({ target }) => setTypedVersion(target.value)}
        />
        <FailureNotice failure={problems.alias + problems.version === "" ? failure : null} />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={isPending || typedAlias === "" || typedVersion === ""}>
            {isPending ? "Moving…" : version === null ? "Make alias" : "Move"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
