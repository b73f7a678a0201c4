import type { Condition, ResourceStatus } from "@slipway/contracts";
import type { Now } from "../snapshot/types.ts";

type Wanted = { type: string; isTrue: boolean | null; reason: string; message: string };

/** Conditions whose time is that of their last turn, which an equal one from before keeps. */
export function withTransitions(before: ResourceStatus | undefined, wanted: readonly Wanted[], now: Now): Condition[] {
  return wanted.map(({ type, isTrue, reason, message }) => {
    const status = isTrue === null ? "Unknown" : isTrue ? "True" : "False";
    const old = before?.conditions.find((condition) => condition.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : new Date(now.wallMs).toISOString();
    return { type, status, reason, message, lastTransitionTime };
  });
}

/** Whether two statuses say the same; status rows are written only when they do not. */
export function isSameStatus(a: ResourceStatus | undefined, b: ResourceStatus): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
