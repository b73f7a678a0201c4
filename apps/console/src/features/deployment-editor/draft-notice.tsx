import { Button } from "@slipway/ui/button";
import { relativeTime } from "@slipway/ui/format-time";
import { Notice } from "@slipway/ui/notice";
import type { DraftState } from "./use-draft.ts";

/** Offers what was typed here before and not applied. */
export function DraftNotice({ draft, nowMs }: { draft: DraftState; nowMs: number }) {
  const { found, isBack, restore, discard } = draft;
  if (isBack) {
    return (
      <div className="rounded-lg border border-line">
        <Notice tone="good" title="What you typed before you were signed out is back." />
      </div>
    );
  }
  if (found === null) return null;
  const when = relativeTime(new Date(found.savedAtMs).toISOString(), nowMs);
  return (
    <div className="rounded-lg border border-line">
      <Notice tone="busy" title={`This browser kept changes of yours from ${when === "now" ? "a moment ago" : when}.`}>
        <p className="mb-3">They were not applied. What you type now is kept once you have chosen.</p>
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={restore}>
            Restore them
          </Button>
          <Button onClick={discard}>Discard them</Button>
        </div>
      </Notice>
    </div>
  );
}
