import type { PlacementKey } from "./types.ts";

/** A model version as text; equal to the key of an assignment's entry. */
export const modelVersionKey = (modelUid: string, version: string): string => `${modelUid}/${version}`;

/** A replica as text. */
export const replicaKey = (serverUid: string, index: number): string => `${serverUid}/${index}`;

/** A placement as text; also how a retired target is named. */
export const placementKey = (key: PlacementKey): string =>
  `${key.modelUid}/${key.version}@${key.serverUid}/${key.replica}`;
