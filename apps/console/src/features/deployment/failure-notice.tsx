import { Notice } from "@slipway/ui/notice";
import type { Failure } from "../../trpc/failure.ts";

/** A failed call in the API's own words, read out when it appears. */
export function FailureNotice({ failure }: { failure: Failure | null }) {
  return (
    <div role="alert">
      {failure === null ? null : (
        <div className="mt-4 rounded-lg border border-line">
          <Notice tone="bad" title={failure.words}>
            {failure.check === "" ? null : <p>{failure.check}</p>}
          </Notice>
        </div>
      )}
    </div>
  );
}
