import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { Notice } from "@slipway/ui/notice";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { lazyTab } from "../deployment/lazy-tab.tsx";
import { AccessSection } from "./access-section.tsx";
import { ConflictPanel } from "./conflict-panel.tsx";
import { DetailsSection } from "./details-section.tsx";
import { DraftNotice } from "./draft-notice.tsx";
import { EditorFormProvider } from "./editor-context.ts";
import { EditorSummary } from "./editor-summary.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { ModelSection } from "./model-section.tsx";
import type { FormProblem } from "./problem-list.ts";
import { LimitsSection, ScalingSection } from "./scaling-section.tsx";
import type { Hints } from "./schema-hints.ts";
import type { DraftState } from "./use-draft.ts";
import type { Editor } from "./use-editor.ts";
import type { IncomingState } from "./use-incoming.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";
import type { NameState } from "./use-name-check.ts";

const YamlPanel = lazyTab(() => import("./yaml-panel.tsx").then((module) => module.YamlPanel));

type Props = {
  editor: Editor;
  hints: Hints;
  draft: DraftState;
  nowMs: number;
  problems: readonly FormProblem[];
  /** Raised by each try to submit that found something: all is said then, and the focus goes there. */
  refusals: number;
  nameState: NameState;
  isNameOwn: boolean;
  ownName: () => void;
  incoming: IncomingState;
  lockedWhy: string;
  /** How it stands with the API, in a sentence; empty when there is nothing to say. */
  state: string;
  isDone: boolean;
  primary: ReactNode;
  failure: ReactNode;
};

/** The form with all that stands around it, for a new deployment and for one that is edited. */
export function EditorBody(props: Props) {
  const { editor, hints, draft, problems, refusals, incoming, lockedWhy } = props;
  const [isTextOpen, setTextOpen] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const focusedFor = useRef(0);
  const router = useRouter();
  const leaving = useLeaveGuard(editor.changes.length > 0 && !props.isDone);
  const areAllShown = refusals > 0 || !editor.isNew;
  const listed = areAllShown ? problems : [];
  const hasBadText = editor.textProblems.length > 0;

  // The list comes with the API's answer, a moment after the try that it is of.
  useEffect(() => {
    if (refusals === focusedFor.current || listed.length === 0 || summary.current === null) return;
    focusedFor.current = refusals;
    summary.current.focus();
  }, [refusals, listed.length]);

  const openText = () => {
    editor.loadText();
    setTextOpen(true);
  };

  return (
    <EditorFormProvider value={{ editor, hints, problems, areAllShown, lockedWhy }}>
      <div
        className={`grid items-start gap-6 [&_:is(input,select,textarea,button,a)]:scroll-my-28 ${
          isTextOpen ? "lg:grid-cols-2" : "lg:grid-cols-[minmax(0,1fr)_20rem]"
        }`}
      >
        <div className="grid min-w-0 gap-6 [&>[role=alert]:empty]:hidden">
          <DraftNotice draft={draft} nowMs={props.nowMs} />
          {incoming.incoming === null ? null : <ConflictPanel incoming={incoming.incoming} />}
          <p role="status" aria-live="polite" className="text-sm empty:hidden">
            {incoming.said}
          </p>
          {lockedWhy === "" ? null : <Notice tone="warn" title={lockedWhy} />}
          <ErrorSummary problems={listed} summary={summary} openText={openText} />
          {props.failure}
          {hasBadText ? (
            <Notice tone="warn" title="The YAML cannot be read, so the form waits.">
              <p className="mb-3">Mend the text, or go back to what it said last.</p>
              <Button onClick={editor.mendText}>Go back to what it said last</Button>
            </Notice>
          ) : null}
          <fieldset disabled={hasBadText || lockedWhy !== ""} className="grid min-w-0 gap-6">
            <legend className="sr-only">Manifest</legend>
            <ModelSection isNameOwn={props.isNameOwn} />
            <DetailsSection nameState={props.nameState} isNameOwn={props.isNameOwn} ownName={props.ownName} />
            <ScalingSection />
            <AccessSection />
            <LimitsSection />
          </fieldset>
        </div>
        <div className="grid min-w-0 gap-6 max-lg:contents lg:sticky lg:top-20">
          {isTextOpen ? (
            <div className="min-w-0 lg:order-last">
              <YamlPanel editor={editor} problems={problems} />
            </div>
          ) : null}
          <EditorSummary
            primary={props.primary}
            state={props.state}
            isTextOpen={isTextOpen}
            toggleText={() => (isTextOpen ? setTextOpen(false) : openText())}
          />
        </div>
      </div>
      {leaving.asked === null ? null : (
        <LeaveDialog onStay={leaving.stay} onLeave={() => router.push(leaving.asked ?? "/deployments")} />
      )}
    </EditorFormProvider>
  );
}

function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog title="Leave without applying?" onClose={onStay}>
      <p>What you typed was not applied. This browser keeps it, and offers it when you come back.</p>
      <DialogActions onClose={onStay}>
        <Button look="primary" onClick={onLeave}>
          Leave
        </Button>
      </DialogActions>
    </Dialog>
  );
}
