import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { Notice } from "@slipway/ui/notice";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Failure } from "../../trpc/failure.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { lazyTab } from "../deployment/lazy-tab.tsx";
import { AccessSection } from "./access-section.tsx";
import { ConflictPanel } from "./conflict-panel.tsx";
import { DetailsSection } from "./details-section.tsx";
import { DraftNotice } from "./draft-notice.tsx";
import { EditorFormProvider } from "./editor-context.ts";
import { EditorSummary } from "./editor-summary.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { ModelSection } from "./model-section.tsx";
import { LimitsSection, ScalingSection } from "./scaling-section.tsx";
import type { Editing } from "./use-editing.ts";
import type { IncomingState } from "./use-incoming.ts";

const YamlPanel = lazyTab(() => import("./yaml-panel.tsx").then((module) => module.YamlPanel));

type Props = {
  editing: Editing;
  incoming: IncomingState;
  /** Why nothing can be changed; empty when it can. */
  lockedWhy: string;
  /** How it stands with the API, in a sentence; empty when there is nothing to say. */
  state: string;
  primary: ReactNode;
  failure: Failure | null;
};

/** The form with all that stands around it, for a new deployment and for one that is edited. */
export function EditorBody({ editing, incoming, lockedWhy, state, primary, failure }: Props) {
  const { editor, hints, problems, refusals, leaving } = editing;
  const [isTextOpen, setTextOpen] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const focusedFor = useRef(0);
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
          <DraftNotice draft={editing.draft} nowMs={editing.nowMs} />
          {incoming.incoming === null ? null : <ConflictPanel incoming={incoming.incoming} />}
          <p role="status" aria-live="polite" className="text-sm empty:hidden">
            {incoming.said}
          </p>
          {lockedWhy === "" ? null : <Notice tone="warn" title={lockedWhy} />}
          <ErrorSummary problems={listed} summary={summary} openText={openText} />
          <FailureNotice failure={failure} />
          {hasBadText ? (
            <Notice tone="warn" title="The YAML cannot be read, so the form waits.">
              <p className="mb-3">Mend the text, or go back to what it said last.</p>
              <Button onClick={editor.mendText}>Go back to what it said last</Button>
            </Notice>
          ) : null}
          <fieldset disabled={hasBadText || lockedWhy !== ""} className="grid min-w-0 gap-6">
            <legend className="sr-only">Manifest</legend>
            <ModelSection isNameOwn={editing.isNameOwn} />
            <DetailsSection nameState={editing.nameState} isNameOwn={editing.isNameOwn} ownName={editing.ownName} />
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
            primary={primary}
            state={state}
            isTextOpen={isTextOpen}
            toggleText={() => (isTextOpen ? setTextOpen(false) : openText())}
          />
        </div>
      </div>
      {leaving.isAsked ? <LeaveDialog onStay={leaving.stay} onLeave={leaving.leave} /> : null}
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
