import { SlipwayError } from "@slipway/contracts";

/** So many runs that did not end, or ended their process, within the window, and a model is quarantined. */
export const FAULTS_TO_QUARANTINE = 3;
const WINDOW_MS = 600_000;

export type ModelFault = SlipwayError<"model/hung"> | SlipwayError<"model/quarantined">;

/** What a model has done to the processes that ran it, and whether it may run on. */
export type FaultRecord = {
  /** Why the model is not run any more; null while it is. */
  readonly fault: ModelFault | null;
  hung(): void;
  crashed(): void;
};

export function createFaultRecord(onQuarantine: (fault: ModelFault) => void): FaultRecord {
  const faults: { kind: "hung" | "crashed"; atMs: number }[] = [];
  let fault: ModelFault | null = null;
  const add = (kind: "hung" | "crashed") => {
    const nowMs = performance.now();
    while (faults[0] !== undefined && nowMs - faults[0].atMs > WINDOW_MS) faults.shift();
    faults.push({ kind, atMs: nowMs });
    if (fault !== null || faults.length < FAULTS_TO_QUARANTINE) return;
    fault = faults.every((each) => each.kind === "crashed")
      ? new SlipwayError("model/quarantined", { crashes: faults.length })
      : new SlipwayError("model/hung", { runs: faults.length });
    onQuarantine(fault);
  };
  return {
    get fault() {
      return fault;
    },
    hung: () => add("hung"),
    crashed: () => add("crashed"),
  };
}
