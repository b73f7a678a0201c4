import type { ResourceView } from "@slipway/contracts";

/** One page of the list, and where the next one begins. */
export type DeploymentsPart = { items: ResourceView[]; next: string | null };

/** Rows of one page of the list. */
export const PAGE_ROWS = 100;
