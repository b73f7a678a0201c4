"use client";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { useToasts } from "@slipway/ui/toast";
import { useRouter } from "next/navigation";
import { type ComponentProps, type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { DeployedIn } from "./deployed-in.tsx";
import { pathOfModel, pathOfModels } from "./model-path.ts";

type Target = { group: string; name: string; version?: number };
type Props = { target: Target; usedBy: ComponentProps<typeof DeployedIn>["places"] };

/** Opens the question whether a version, or a model with all of them, shall go. */
export function DeleteButton({ target, usedBy }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete
      </Button>
      {isOpen ? <DeleteDialog target={target} usedBy={usedBy} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function DeleteDialog({ target, usedBy, onClose }: Props & { onClose: () => void }) {
  const { group, name, version } = target;
  const [typed, setTyped] = useState("");
  const { isPending, failure, run } = useAction();
  const router = useRouter();
  const toasts = useToasts();
  const what = version === undefined ? name : `version ${version} of ${name}`;
  const mayDelete = version !== undefined || typed === name;

  async function remove(event: SyntheticEvent) {
    event.preventDefault();
    const deleted = await run(() =>
      version === undefined
        ? trpc.registry.deleteModel.mutate({ name, group })
        : trpc.registry.deleteVersion.mutate({ name, group, version }),
    );
    if (deleted === null) return;
    toasts.show({ words: `${what.charAt(0).toUpperCase()}${what.slice(1)} is deleted.` });
    router.push(version === undefined ? pathOfModels({ group, search: "", after: "" }) : pathOfModel({ group, name }));
  }

  return (
    <Dialog title={`Delete ${what}?`} onClose={onClose}>
      <form noValidate onSubmit={remove}>
        <p className="mb-4">
          {version === undefined
            ? "All its versions and aliases go with it. It is refused while a deployment uses one of them."
            : "Its number is not given again. It is refused while a deployment uses it or an alias stands for it."}
        </p>
        {usedBy.length === 0 ? null : (
          <div className="mb-4 text-sm">
            <p className="mb-1 font-medium">These use it, and have to use something else first:</p>
            <DeployedIn places={usedBy} isAll />
          </div>
        )}
        {version === undefined ? (
          <TextField
            label={`Type ${name} to delete it`}
            value={typed}
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target: { value } }) => setTyped(value)}
          />
        ) : null}
        <FailureNotice failure={failure} />
        <DialogActions onClose={onClose}>
          <Button type="submit" look="danger" disabled={isPending || !mayDelete}>
            {isPending ? "Deleting…" : "Delete"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
