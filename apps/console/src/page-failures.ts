import { channel } from "node:diagnostics_channel";

/** A page that could not be made. */
export type PageFailureReport = {
  /** Under what the log has the request. */
  requestId: string;
  /** What the error page shows: the id of the request when the API was at fault, else a digest of the error. */
  digest: string;
  path: string;
  err: unknown;
};

/** Next bundles the pages apart from the process that serves them; both know this name. */
const CHANNEL = "slipway:page-failure";

/** Hands the failure of a page to the process, for its log. */
export function reportPageFailure(failure: PageFailureReport): void {
  channel(CHANNEL).publish(failure);
}

/** Hears of every page that fails from now on. Returns how to stop. */
export function onPageFailure(hear: (failure: unknown) => void): () => void {
  const listener = (failure: unknown) => hear(failure);
  channel(CHANNEL).subscribe(listener);
  return () => channel(CHANNEL).unsubscribe(listener);
}
