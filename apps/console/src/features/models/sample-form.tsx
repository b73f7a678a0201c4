import type { ModelVersionView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { useToasts } from "@slipway/ui/toast";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { JsonEditor } from "../deployment/try/json-editor.tsx";
import type { JsonProblem } from "../deployment/try/json-text.ts";
import { problemIn, readSample, type Sample, sampleText } from "./sample-text.ts";
import { useReadRegistryAgain } from "./use-registry.ts";

type Props = { of: ModelVersionView; onClose: () => void };

/** Takes the request that a version is tried with. The API checks it against the signature; what it refuses stays typed. */
export function SampleForm({ of, onClose }: Props) {
  const [begun] = useState(() => sampleText(of));
  const [text, setText] = useState(begun);
  const [wrong, setWrong] = useState<JsonProblem | null>(null);
  const [refusedText, setRefusedText] = useState("");
  const { isPending, failure, run } = useAction();
  const readAgain = useReadRegistryAgain();
  const toasts = useToasts();
  const target = { group: of.group, name: of.model, version: of.version };
  // What was refused says nothing of what is typed since.
  const problem = wrong ?? (text === refusedText ? problemIn(text, failure) : null);

  async function give(sample: Sample | null, words: string) {
    const before = of.sample?.origin === "given" ? readSample(JSON.stringify(of.sample.request)) : null;
    setRefusedText(text);
    const given = await run(() => trpc.registry.setSample.mutate({ ...target, sample }));
    if (given === null) return;
    void readAgain();
    onClose();
    const undo = async () => {
      await trpc.registry.setSample.mutate({ ...target, sample: before?.ok === true ? before.sample : null });
      void readAgain();
    };
    toasts.show({ words, undo: { run: undo } });
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    const read = readSample(text);
    setWrong(read.ok ? null : read.problem);
    if (read.ok) void give(read.sample, `The sample of ${of.model} version ${of.version} is given.`);
  }

  return (
    <form noValidate onSubmit={submit} className="grid max-w-3xl gap-3">
      {sampleText(of) === begun ? null : (
        <div className="rounded-lg border border-line">
          <Notice tone="warn" title="Somebody changed the sample meanwhile.">
            <p>What you typed is kept; saving it puts it in the place of theirs.</p>
          </Notice>
        </div>
      )}
      <JsonEditor
        label="Request as JSON"
        text={text}
        problem={problem}
        onChange={(typed) => {
          setText(typed);
          setWrong(null);
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={isPending}>
          {isPending ? "Saving…" : "Save the sample"}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        {of.sample?.origin === "given" ? (
          <Button look="quiet" disabled={isPending} onClick={() => void give(null, "The given sample is taken away.")}>
            Take the given sample away
          </Button>
        ) : null}
      </div>
      <FailureNotice failure={problem === null ? failure : null} />
    </form>
  );
}
