import { type RevisionSource, SlipwayError } from "@slipway/contracts";
import { changeOf, type ResourceWrite } from "./write-resources.ts";

/**
 * Whether a change needs words that say why: one that a person makes in the console to a deployment that is in production,
 * or comes there, or leaves it. Making one and changing nothing need none; nor do pipelines and scripts, which keep their
 * reasons elsewhere.
 */
export function needsMessage(write: ResourceWrite, source: RevisionSource): boolean {
  const { current, desired } = write;
  if (source !== "console" || desired.kind !== "Deployment" || current === null) return false;
  const isProduction = [current.spec, desired.spec].some(({ environment }) => environment === "production");
  return isProduction && changeOf(write) === "updated";
}

/** @throws deployment/message_required when one of these needs words and there are none */
export function requireMessage(writes: readonly ResourceWrite[], source: RevisionSource, message: string): void {
  if (message.trim() !== "") return;
  const silent = writes.find((write) => needsMessage(write, source));
  if (silent === undefined) return;
  throw new SlipwayError("deployment/message_required", { name: silent.desired.name }, { field: "message" });
}
