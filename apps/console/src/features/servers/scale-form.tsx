"use client";
import { Button } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import { type SyntheticEvent, useId, useState } from "react";
import type { ServerRow } from "./server-row.ts";
import type { Scale } from "./use-servers.ts";

/** What a person types, over the server as it was when they began; null = as it is now. */
type Draft = { text: string; over: ServerRow | null };

/**
 * Sets how many replicas a server has. Whoever changes the server meanwhile is not overwritten: the API refuses, in its
 * words, and what was typed stays for another try on what is there now.
 */
export function ScaleForm({ row, scale }: { row: ServerRow; scale: Scale }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [said, setSaid] = useState("");
  const [isSending, setSending] = useState(false);
  const hintId = useId();
  const toasts = useToasts();
  const typed = draft?.text ?? String(row.wanted);
  const isChanged = draft !== null && typed !== String(row.wanted);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (draft === null || !isChanged) return;
    setSending(true);
    setSaid("");
    const outcome = await scale(draft.over ?? row, Number(typed));
    setSending(false);
    if (outcome.ok) {
      setDraft(null);
      toasts.show({ words: `${row.name} is scaled to ${typed}.`, undo: { run: outcome.undo } });
    } else {
      // The next try is about what is shown by then.
      setDraft({ text: typed, over: null });
      setSaid(outcome.words);
    }
  }

  return (
    <form onSubmit={submit} className="mt-1">
      <span className="flex items-center gap-2">
        <input
          type="number"
          inputMode="numeric"
          min={0}
          max={1000}
          step={1}
          required
          value={typed}
          aria-label={`Replicas of ${row.name}`}
          aria-describedby={hintId}
          disabled={row.lifecycle === "Deleting"}
          onChange={({ target }) => {
            setDraft((begun) => ({ text: target.value, over: begun?.over ?? row }));
            setSaid("");
          }}
          onKeyDown={({ key }) => {
            if (key === "Escape") setDraft(null);
          }}
          className="min-h-8 w-20 rounded-md border border-outline bg-surface px-2 text-ink tabular-nums disabled:opacity-60"
        />
        <Button
          type="submit"
          look={isChanged ? "primary" : "plain"}
          disabled={!isChanged || isSending}
          aria-label={`Scale ${row.name}`}
        >
          {isSending ? "Scaling…" : "Scale"}
        </Button>
      </span>
      <span id={hintId} className="mt-1 block max-w-56 text-ink-soft text-xs empty:hidden">
        {isChanged && Number(typed) < row.wanted ? "Models on replicas that go must find room on the others." : ""}
      </span>
      <span aria-live="polite" className="block max-w-56">
        {said === "" ? null : <span className="mt-1 block text-bad text-sm">{said}</span>}
      </span>
    </form>
  );
}
