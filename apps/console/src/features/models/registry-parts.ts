import type { ModelVersionView, RegisteredModelView } from "@slipway/contracts";

/** Models or versions of one page. */
export const PAGE_ITEMS = 50;
/** How often relative times are renewed. */
export const CLOCK_EVERY_MS = 10_000;

export type ModelsPart = { items: RegisteredModelView[]; next: string | null };
export type VersionsPart = { items: ModelVersionView[]; next: string | null };
export type ModelWithVersions = { model: RegisteredModelView; versions: VersionsPart };
