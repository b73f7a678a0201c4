import type { ErrorCode } from "@slipway/contracts";
import type { AssignedModel } from "@slipway/rpc/control/agent";
import * as z from "zod";
import type { HeldState } from "./plan-convergence.ts";

/** What a fetch and a load found out about a model version. */
export const modelDetails = z.object({
  sha256: z.string().default(""),
  /** Inputs, outputs and batching as the load answered them, in JSON; empty until loaded. */
  signatureJson: z.string().default(""),
  modelPath: z.string().default(""),
  fetchMs: z.number().default(0),
  loadMs: z.number().default(0),
  measuredBytes: z.number().default(0),
});
export type ModelDetails = z.output<typeof modelDetails>;
export const NO_DETAILS: ModelDetails = modelDetails.parse({});

/** Why a model version failed: a code of the error table and its data as JSON. */
export type ModelFailure = { code: ErrorCode; dataJson: string };

/** A model version on this replica. */
export type HeldModel = {
  readonly key: string;
  assigned: AssignedModel;
  state: HeldState;
  failure: ModelFailure | null;
  details: ModelDetails;
  /** Ends the fetch, load or unload that is under way. */
  task: AbortController | null;
};
