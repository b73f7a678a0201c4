"use client";
import type { RegisteredModelView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { MoveAliasDialog } from "./move-alias-dialog.tsx";
import { useReadRegistryAgain } from "./use-registry.ts";

type Opened = { alias: string; version: number | null } | null;

/** A model's aliases: each can be moved to another version or taken away, and new ones made. */
export function AliasSection({ model }: { model: RegisteredModelView }) {
  const { name, group, aliases } = model;
  const [opened, setOpened] = useState<Opened>(null);
  const removing = useAction();
  const readAgain = useReadRegistryAgain();
  const toasts = useToasts();
  const all = Object.entries(aliases).sort(([one], [other]) => one.localeCompare(other));

  async function remove(alias: string, version: number) {
    const removed = await removing.run(() => trpc.registry.deleteAlias.mutate({ name, group, alias }));
    if (removed === null) return;
    void readAgain();
    const undo = async () => {
      await trpc.registry.setAlias.mutate({ name, group, alias, version });
      void readAgain();
    };
    toasts.show({ words: `Alias ${alias} of ${name} is gone.`, undo: { run: undo } });
  }

  return (
    <section aria-labelledby="aliases">
      <h2 id="aliases" className="mb-1 font-semibold text-lg">
        Aliases
      </h2>
      <p className="mb-2 max-w-prose text-ink-soft text-sm">
        A deployment can follow an alias: moving it moves them all, without a failed request.
      </p>
      <ul className="mb-3 grid max-w-xl gap-2">
        {all.map(([alias, version]) => (
          <li
            key={alias}
            data-alias={alias}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-3 py-2"
          >
            <span className="wrap-anywhere mr-auto">
              <span className="font-medium">{alias}</span>{" "}
              <span className="text-ink-soft tabular-nums">stands for version {version}</span>
            </span>
            <span className="flex gap-2">
              <Button onClick={() => setOpened({ alias, version })}>
                Move<span className="sr-only"> alias {alias}</span>
              </Button>
              <Button look="quiet" disabled={removing.isPending} onClick={() => remove(alias, version)}>
                Remove<span className="sr-only"> alias {alias}</span>
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {model.latestVersion === null ? null : (
        <Button onClick={() => setOpened({ alias: "", version: null })}>New alias</Button>
      )}
      <FailureNotice failure={removing.failure} />
      {opened === null ? null : <MoveAliasDialog model={model} {...opened} onClose={() => setOpened(null)} />}
    </section>
  );
}
