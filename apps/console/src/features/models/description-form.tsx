"use client";
import type { RegisteredModelView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { useReadRegistryAgain } from "./use-registry.ts";

/** What a model is for, in words that can be changed in place. */
export function DescriptionForm({ model: { name, group, description } }: { model: RegisteredModelView }) {
  const [typed, setTyped] = useState<string | null>(null);
  const { isPending, failure, run } = useAction();
  const readAgain = useReadRegistryAgain();

  async function save(event: SyntheticEvent) {
    event.preventDefault();
    const saved = await run(() => trpc.registry.describe.mutate({ name, group, description: typed ?? "" }));
    if (saved === null) return;
    setTyped(null);
    void readAgain();
  }

  if (typed === null) {
    return (
      <p className="mt-1 text-ink-soft">
        <span className="wrap-anywhere">{description === "" ? "No description yet." : description}</span>{" "}
        <Button look="quiet" onClick={() => setTyped(description)}>
          {description === "" ? "Describe it" : "Edit"}
          <span className="sr-only"> the description</span>
        </Button>
      </p>
    );
  }
  return (
    <form noValidate onSubmit={save} className="mt-2 grid gap-2">
      <label className="grid gap-1 font-medium text-sm">
        What it is for
        <textarea
          value={typed}
          rows={3}
          maxLength={2_000}
          // biome-ignore lint/a11y/noAutofocus: the person just asked for it
          autoFocus
          onChange={({ target }) => setTyped(target.value)}
          className="w-[min(36rem,80vw)] rounded-md border border-outline bg-surface px-2.5 py-1.5 font-normal"
        />
      </label>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={isPending}>
          {isPending ? "Saving…" : "Save"}
        </Button>
        <Button onClick={() => setTyped(null)}>Cancel</Button>
      </div>
      <FailureNotice failure={failure} />
    </form>
  );
}
