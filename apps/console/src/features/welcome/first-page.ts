import type { ResourceView } from "@slipway/contracts";

/** Where the first page is. */
export const WELCOME_PATH = "/welcome";
/** Set once a person has seen enough of it. */
export const WELCOME_COOKIE = "slipway-welcome";
export const WELCOME_SEEN = "seen";

const DEMO_LABEL = "demo";
/** The demo that is shown when there are several: the smallest to read. */
const FAVOURITE = "iris";

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
