"use client";
import { Button } from "@slipway/ui/button";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { useLive } from "../../trpc/use-live.ts";
import { pathOfDeployment, pathOfList } from "../deployment/deployment-path.ts";
import { EditorBody } from "./editor-body.tsx";
import { fieldText } from "./form-fields.ts";
import { MODELS_KEY } from "./model-section.tsx";
import type { Hints } from "./schema-hints.ts";
import { useEditing } from "./use-editing.ts";
import type { EditorStart } from "./use-editor.ts";
import { NOTHING_INCOMING } from "./use-incoming.ts";
import { textOf } from "./use-preflight.ts";

type Props = { start: EditorStart; hints: Hints; title: string; variety: string; nowMs: number };

/** A deployment that is not there yet: the form, and the button that makes it. */
export function NewEditor({ start, hints, title, variety, nowMs }: Props) {
  const editing = useEditing({ start, hints, variety, above: pathOfList(start.group), nowMs });
  const { editor, preflight, isDone } = editing;
  useLive(MODELS_KEY, (_news, readAgain) => readAgain());
  const { isPending, failure, run } = useAction();

  async function deploy() {
    const manifest = textOf(editor);
    const done = await run(async () => {
      const { problems: found } = await preflight.ask(manifest);
      if (found.length > 0) return "refused";
      return trpc.resource.applyManifests.mutate({ manifest, expected: [{ version: 0 }] });
    });
    if (done === "refused" || editor.textProblems.length > 0) return editing.refuse();
    if (done === null) return;
    editing.finish();
    editing.leaving.goOn(pathOfDeployment({ group: start.group, name: fieldText(editor.value, "name", "") }));
  }

  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-0.5 mb-6 text-ink-soft text-sm">A model and a name are enough; the rest has defaults.</p>
      <EditorBody
        editing={editing}
        incoming={NOTHING_INCOMING}
        lockedWhy={editing.forbiddenWhy}
        state={editing.standing}
        failure={failure}
        primary={
          <Button look="primary" disabled={isPending || isDone || editing.forbiddenWhy !== ""} onClick={deploy}>
            {isPending || isDone ? "Deploying…" : "Deploy"}
          </Button>
        }
      />
    </>
  );
}
