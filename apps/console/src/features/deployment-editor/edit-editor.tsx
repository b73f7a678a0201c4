"use client";
import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DeploymentAbsent } from "../deployment/deployment-absent.tsx";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { DEPLOYMENT_KEY, useDeployment } from "../deployment/use-deployment.ts";
import { useNow } from "../deployments/use-now.ts";
import { EditorBody } from "./editor-body.tsx";
import { stateWords } from "./new-editor.tsx";
import { formProblems } from "./problem-list.ts";
import { ReviewDialog } from "./review-dialog.tsx";
import type { Hints } from "./schema-hints.ts";
import { useDraft } from "./use-draft.ts";
import { type EditorStart, useEditor } from "./use-editor.ts";
import { useIncoming } from "./use-incoming.ts";
import { usePreflight } from "./use-preflight.ts";

const CLOCK_EVERY_MS = 10_000;
const NOT_ALLOWED = "auth/forbidden";

type Props = { start: EditorStart; first: ResourceView; hints: Hints; nowMs: number };

/** A deployment that is there: its changes collect until they are reviewed and applied. */
export function EditEditor({ start, first, hints, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const router = useRouter();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const { resource, isGone, take } = useDeployment(first);
  const editor = useEditor(start);
  const draft = useDraft(editor, start, "");
  const [isDone, setDone] = useState(false);
  const incoming = useIncoming(editor, isDone ? null : resource);
  const preflight = usePreflight(editor, false);
  const [isReviewed, setReviewed] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const { group, name, title } = first.metadata;
  const problems = formProblems(preflight.latest?.problems ?? [], { state: "none" });
  const lockedWhy =
    resource.metadata.deletedAt !== null || isGone
      ? `${name} is deleted. What you typed can still be copied from the YAML.`
      : preflight.failure?.code === NOT_ALLOWED
        ? preflight.failure.words
        : "";
  const isMerging = incoming.incoming !== null;

  function review() {
    if (problems.length > 0 || editor.textProblems.length > 0) return setRefusals((count) => count + 1);
    setReviewed(true);
  }

  function applied(answer: ResourceView) {
    setDone(true);
    draft.clear();
    take(answer);
    toasts.show({ words: `The changes of ${name} are applied.` });
    router.push(pathOfDeployment({ group, name }));
  }

  if (isGone && editor.changes.length === 0) {
    return <DeploymentAbsent title={`${name} was deleted`} words="Its name is free again." group={group} />;
  }
  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={pathOfDeployment({ group, name })} className="rounded text-accent underline underline-offset-4">
          {title ?? name}
        </Link>
      </p>
      <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">Edit {name}</h1>
      <p className="mt-0.5 mb-6 text-ink-soft text-sm">Version {editor.seen?.version}</p>
      <EditorBody
        editor={editor}
        hints={hints}
        draft={draft}
        nowMs={now}
        problems={problems}
        refusals={refusals}
        nameState={{ state: "none" }}
        isNameOwn
        ownName={() => undefined}
        incoming={incoming}
        lockedWhy={lockedWhy}
        state={
          isMerging ? "Choose what each field should be first." : stateWords(preflight.failure, editor.changes.length)
        }
        isDone={isDone}
        failure={null}
        primary={
          <>
            <Button
              look="primary"
              disabled={editor.changes.length === 0 || isMerging || isDone || lockedWhy !== ""}
              onClick={review}
            >
              Review
            </Button>
            <Button
              disabled={editor.changes.length === 0 || isDone}
              onClick={() =>
                editor.take({ value: editor.base, base: editor.base, seen: editor.seen, source: start.source })
              }
            >
              Discard
            </Button>
          </>
        }
      />
      {isReviewed && !isMerging ? (
        <ReviewDialog
          editor={editor}
          preflight={preflight}
          onClose={() => setReviewed(false)}
          onApplied={applied}
          onConflict={() => {
            setReviewed(false);
            // Their version comes with this, and both sides with it.
            void queryClient.invalidateQueries({ queryKey: [DEPLOYMENT_KEY] });
          }}
        />
      ) : null}
    </>
  );
}
