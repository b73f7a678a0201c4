import type { Context } from "../context.ts";
import type { ArtifactStore } from "./artifact-store.ts";

/** What verbs about registered models need besides. */
export type RegistryContext = Context & {
  artifacts: ArtifactStore;
  /** The largest model that an upload takes. */
  modelMaxBytes: number;
};

/** Names a registered model. */
export type ModelRef = { group: string; model: string };
