import type { AuditView, ResourceView } from "@slipway/contracts";
import { DEMO_MESSAGE } from "@slipway/contracts/demo";

/** Where the first page is. */
export const WELCOME_PATH = "/welcome";
/** Set once a person has seen enough of it. */
export const WELCOME_COOKIE = "slipway-welcome";
export const WELCOME_SEEN = "seen";

const DEMO_LABEL = "demo";
/** The demo that is shown when there are several: the smallest to read. */
const FAVOURITE = "iris";

/** Whether there was a demo that is gone, never one, or nobody may tell. */
export type DemoTrace = "deleted" | "never" | "unknown";

/** In a query of the activity: where a demo of the first start would have left a trace. */
export const DEMO_TRACES = { kind: "deployments", name: FAVOURITE, action: "deployment.apply" };

/** In a list's query: only the demos. */
export const DEMO_LABELS = `${DEMO_LABEL}=true`;

/** Whether a person who signed in is shown the first page: not again once put aside, nor when they deployed something. */
export function isWelcomeDue(cookie: string | undefined, deployments: readonly ResourceView[]): boolean {
  return cookie !== WELCOME_SEEN && deployments.every(({ metadata }) => metadata.labels[DEMO_LABEL] === "true");
}

/** The demo to show; null when there is none. One that is being deleted is none. */
export function pickDemo(deployments: readonly ResourceView[]): ResourceView | null {
  const alive = deployments.filter(({ metadata }) => metadata.deletedAt === null);
  return alive.find(({ metadata }) => metadata.name === FAVOURITE) ?? alive[0] ?? null;
}

/** What the activity tells of a demo that is not there; null = it may not be read. */
export function demoTrace(activity: readonly AuditView[] | null): DemoTrace {
  if (activity === null) return "unknown";
  return activity.some(({ message }) => message === DEMO_MESSAGE) ? "deleted" : "never";
}
