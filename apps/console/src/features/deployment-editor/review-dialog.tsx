import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { TextField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { type SyntheticEvent, useId, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { problemOf } from "../../trpc/failure.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { fieldWords } from "../deployment/field-words.ts";
import { fieldText } from "./form-fields.ts";
import { ImpactBadge } from "./impact-badge.tsx";
import type { Editor } from "./use-editor.ts";
import { type ChangedField, type Preflight, textOf } from "./use-preflight.ts";

const MESSAGE_MAX = 2_000;
const MESSAGE_NEEDED = "Say why: this deployment is in production.";

type Props = {
  editor: Editor;
  preflight: Preflight;
  onClose: () => void;
  onApplied: (resource: ResourceView) => void;
  /** Somebody else was faster. */
  onConflict: () => void;
};

/** What would change, field by field, with what that does; and the way to make it so. */
export function ReviewDialog({ editor, preflight, onClose, onApplied, onConflict }: Props) {
  const name = fieldText(editor.value, "name", "");
  const [message, setMessage] = useState("");
  const [isSilent, setSilent] = useState(false);
  const [isEarly, setEarly] = useState(false);
  const stateId = useId();
  const form = useRef<HTMLFormElement>(null);
  const { isPending, failure, run } = useAction((words) => {
    if (words.code === "resource/conflict") onConflict();
  });
  const { answer } = preflight;

  async function apply(event: SyntheticEvent) {
    event.preventDefault();
    if (answer === null) return setEarly(true);
    if (answer.isMessageRequired && message.trim() === "") {
      setSilent(true);
      form.current?.querySelector("input")?.focus();
      return;
    }
    const said = message.trim() === "" ? {} : { message: message.trim() };
    const seen = editor.seen === null ? {} : { expected: [editor.seen] };
    const done = await run(() => trpc.resource.applyManifests.mutate({ manifest: textOf(editor), ...said, ...seen }));
    const resource = done?.results[0]?.resource;
    if (resource !== undefined) onApplied(resource);
  }

  const needed = isSilent && message.trim() === "" ? MESSAGE_NEEDED : "";
  return (
    <Dialog title={`Review the changes of ${name}`} onClose={onClose}>
      <form ref={form} noValidate onSubmit={apply}>
        {answer === null ? <Skeleton className="h-24 w-full" /> : <ChangeList fields={answer.fields} />}
        <p id={stateId} role="status" aria-live="polite" className="mt-2 text-ink-soft text-sm empty:hidden">
          {answerWords(preflight, isEarly)}
        </p>
        <div className="mt-4">
          <TextField
            label={answer?.isMessageRequired === true ? "Why (required in production)" : "Why (optional)"}
            value={message}
            maxLength={MESSAGE_MAX}
            required={answer?.isMessageRequired === true}
            onChange={({ target }) => setMessage(target.value)}
            hint="Stands in the history."
            error={needed === "" ? problemOf(failure, "message") : needed}
          />
        </div>
        <FailureNotice failure={failure} />
        <DialogActions onClose={onClose}>
          <Button
            type="submit"
            look="primary"
            disabled={isPending}
            // It takes the press, so that one that comes too early is answered.
            aria-disabled={answer === null}
            aria-describedby={stateId}
            className="aria-disabled:cursor-not-allowed aria-disabled:opacity-60"
          >
            {isPending ? "Applying…" : "Apply"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Why there is nothing to apply yet, or that there is now for whoever was told to wait; empty when neither is so. */
function answerWords({ answer, failure }: Preflight, isEarly: boolean): string {
  if (answer !== null) return isEarly ? "This is what changes. Apply it if it is right." : "";
  if (failure !== null) return `${failure.words} Apply waits until it is known what changes.`;
  return isEarly ? "Not applied yet: wait until you see what changes." : "Looking at what changes. Apply waits for it.";
}

function ChangeList({ fields }: { fields: readonly ChangedField[] }) {
  if (fields.length === 0) return <p className="text-ink-soft text-sm">No field differs from how it is now.</p>;
  return (
    <ul aria-label="What changes" className="grid gap-3">
      {fields.map(({ field, before, after, impact, words }) => (
        <li key={field} className="rounded-lg border border-line p-3">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="wrap-anywhere min-w-0 font-mono text-sm">{field}</span>
            <ImpactBadge impact={impact} />
          </p>
          <p className="wrap-anywhere mt-1.5 font-mono text-xs leading-5">
            <del className="text-bad no-underline">
              <span className="sr-only">from </span>
              {fieldWords(before)}
            </del>
            <span aria-hidden="true"> → </span>
            <ins className="text-good no-underline">
              <span className="sr-only">to </span>
              {fieldWords(after)}
            </ins>
          </p>
          <p className="mt-1 text-ink-soft text-sm">{words}</p>
        </li>
      ))}
    </ul>
  );
}
