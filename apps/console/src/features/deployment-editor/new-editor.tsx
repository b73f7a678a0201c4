"use client";
import { Button } from "@slipway/ui/button";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { useLive } from "../../trpc/use-live.ts";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { useNow } from "../deployments/use-now.ts";
import { EditorBody } from "./editor-body.tsx";
import { fieldText } from "./form-fields.ts";
import { MODELS_KEY } from "./model-section.tsx";
import { formProblems } from "./problem-list.ts";
import type { Hints } from "./schema-hints.ts";
import { useDraft } from "./use-draft.ts";
import { type EditorStart, useEditor } from "./use-editor.ts";
import { useNameCheck } from "./use-name-check.ts";
import { textOf, usePreflight } from "./use-preflight.ts";

const CLOCK_EVERY_MS = 10_000;
const NOT_ALLOWED = "auth/forbidden";

type Props = { start: EditorStart; hints: Hints; title: string; variety: string; nowMs: number };

/** A deployment that is not there yet: the form, and the button that makes it. */
export function NewEditor({ start, hints, title, variety, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const router = useRouter();
  const editor = useEditor(start);
  const draft = useDraft(editor, start, variety);
  useLive(MODELS_KEY, (_news, readAgain) => readAgain());
  const [isNameOwn, setNameOwn] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const [isDone, setDone] = useState(false);
  const preflight = usePreflight(editor, refusals > 0);
  const name = fieldText(editor.value, "name", "");
  const nameState = useNameCheck(name, start.group, true);
  const { isPending, failure, run } = useAction();
  const problems = formProblems(preflight.latest?.problems ?? [], nameState);
  const lockedWhy = preflight.failure?.code === NOT_ALLOWED ? preflight.failure.words : "";

  async function deploy() {
    const manifest = textOf(editor);
    const done = await run(async () => {
      const { problems: found } = await preflight.ask(manifest);
      if (found.length > 0) return "refused";
      return trpc.resource.applyManifests.mutate({ manifest, expected: [{ version: 0 }] });
    });
    if (done === "refused" || editor.textProblems.length > 0) return setRefusals((count) => count + 1);
    if (done === null) return;
    setDone(true);
    draft.clear();
    router.push(pathOfDeployment({ group: start.group, name }));
  }

  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-0.5 mb-6 text-ink-soft text-sm">A model and a name are enough; the rest has defaults.</p>
      <EditorBody
        editor={editor}
        hints={hints}
        draft={draft}
        nowMs={now}
        problems={problems}
        refusals={refusals}
        nameState={nameState}
        isNameOwn={isNameOwn}
        ownName={() => setNameOwn(true)}
        incoming={{ incoming: null, said: "" }}
        lockedWhy={lockedWhy}
        state={stateWords(preflight.failure, editor.changes.length)}
        isDone={isDone}
        failure={<FailureNotice failure={failure} />}
        primary={
          <Button look="primary" disabled={isPending || isDone || lockedWhy !== ""} onClick={deploy}>
            {isPending || isDone ? "Deploying…" : "Deploy"}
          </Button>
        }
      />
    </>
  );
}

/** How it stands with the API; empty when there is nothing to say. */
export function stateWords(failure: { code: string; words: string } | null, changes: number): string {
  if (failure === null || failure.code === NOT_ALLOWED) return "";
  const kept = changes === 0 ? "" : " What you typed is kept in this browser.";
  return `${failure.words}${kept}`;
}
