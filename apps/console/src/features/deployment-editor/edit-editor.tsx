"use client";
import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { DeploymentAbsent } from "../deployment/deployment-absent.tsx";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { DEPLOYMENT_KEY, useDeployment } from "../deployment/use-deployment.ts";
import { EditorBody } from "./editor-body.tsx";
import { ReviewDialog } from "./review-dialog.tsx";
import type { Hints } from "./schema-hints.ts";
import { useEditing } from "./use-editing.ts";
import type { EditorStart } from "./use-editor.ts";
import { useIncoming } from "./use-incoming.ts";

type Props = { start: EditorStart; first: ResourceView; hints: Hints; nowMs: number };

/** A deployment that is there: its changes collect until they are reviewed and applied. */
export function EditEditor({ start, first, hints, nowMs }: Props) {
  const { group, name, title } = first.metadata;
  const path = pathOfDeployment({ group, name });
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const { resource, isGone, take } = useDeployment(first);
  const editing = useEditing({ start, hints, variety: "", above: path, nowMs });
  const { editor, preflight, isDone } = editing;
  const incoming = useIncoming(editor, isDone ? null : resource);
  const [isReviewed, setReviewed] = useState(false);
  const lockedWhy =
    resource.metadata.deletedAt !== null || isGone
      ? `${name} is deleted. What you typed can still be copied from the YAML.`
      : editing.forbiddenWhy;
  const isMerging = incoming.incoming !== null;

  function review() {
    if (editing.problems.length > 0 || editor.textProblems.length > 0) return editing.refuse();
    setReviewed(true);
  }

  function applied(answer: ResourceView) {
    editing.finish();
    take(answer);
    toasts.show({ words: `The changes of ${name} are applied.` });
    editing.leaving.goOn(path);
  }

  if (isGone && editor.changes.length === 0) {
    return <DeploymentAbsent title={`${name} was deleted`} words="Its name is free again." group={group} />;
  }
  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={path} className="rounded text-accent underline underline-offset-4">
          {title ?? name}
        </Link>
      </p>
      <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">Edit {name}</h1>
      <p className="mt-0.5 mb-6 text-ink-soft text-sm">Version {editor.seen?.version}</p>
      <EditorBody
        editing={editing}
        incoming={incoming}
        lockedWhy={lockedWhy}
        state={isMerging ? "Choose what each field should be first." : editing.standing}
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
