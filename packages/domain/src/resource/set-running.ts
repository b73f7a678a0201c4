import { type ResourceRef, type ResourceView, type RevisionSource, SlipwayError } from "@slipway/contracts";
import type { Context } from "../context.ts";
import { changeSpec } from "./change-spec.ts";
import type { Expected } from "./check-write.ts";

export type SetRunning = {
  ref: ResourceRef;
  running: boolean;
  expected?: Expected;
  source: RevisionSource;
  message?: string;
};

/**
 * Stops a deployment (no replica, its memory is free, its endpoint says so) or starts it again as it was.
 * @throws request/invalid for a kind that cannot be stopped, resource/not_found, resource/conflict
 */
export async function setRunning(ctx: Context, { running, ...input }: SetRunning): Promise<ResourceView> {
  if (input.ref.kind !== "Deployment") {
    const problem = `A ${input.ref.kind} cannot be stopped or started; scale it to 0 instead.`;
    throw new SlipwayError("request/invalid", { problem });
  }
  const action = running ? "start" : "stop";
  return changeSpec(ctx, { ...input, action }, ({ spec }) => ({ spec: { ...spec, running } }));
}
