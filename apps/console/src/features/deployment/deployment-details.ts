import type { ResourceView } from "@slipway/contracts";
import { type DeploymentRow, deploymentRow } from "../deployments/deployment-row.ts";
import { inner, text } from "../deployments/spec-value.ts";

/** What the page of a deployment shows beyond its line in the list. */
export type DeploymentDetails = DeploymentRow & {
  version: number;
  generation: number;
  servingGeneration: number | null;
  /** As the spec asks for; while it is stopped none of them runs. */
  replicasAsked: number;
  isRunning: boolean;
  isDeleting: boolean;
  environment: string;
  description: string;
  memory: string;
  /** A code of the error table; null when there is nothing to say. */
  reason: string | null;
  progress: ResourceView["status"]["progress"];
  /** What the model takes and answers; null until it was loaded. */
  signature: ResourceView["status"]["signature"];
  /** Whether its requests are joined into one run; null until it was loaded. */
  batching: ResourceView["status"]["batching"];
  /** Whether there is a request to try it with: its own, or one made from its signature that it did not refuse. */
  hasSample: boolean;
  createdAt: string;
};

/** Makes the page's facts of what the API answers. */
export function deploymentDetails(resource: ResourceView): DeploymentDetails {
  const { metadata, spec, status } = resource;
  const replicas = inner(spec, "scaling", "replicas");
  return {
    ...deploymentRow(resource),
    version: metadata.version,
    generation: metadata.generation,
    servingGeneration: status.servingGeneration,
    replicasAsked: typeof replicas === "number" ? replicas : 1,
    isRunning: inner(spec, "running") !== false,
    isDeleting: metadata.deletedAt !== null,
    environment: text(inner(spec, "environment")),
    description: text(inner(spec, "description")),
    memory: text(inner(spec, "resources", "memory")),
    reason: status.reason,
    progress: status.progress,
    signature: status.signature,
    batching: status.batching,
    hasSample:
      (status.signature !== null && status.sample?.shapes !== null) ||
      inner(spec, "variants", 0, "model", "sample") !== undefined,
    createdAt: metadata.createdAt,
  };
}

/** How it is, and what to do next, in words. What the platform says of a cause comes first. */
export function statusSentence(details: DeploymentDetails): string {
  const { lifecycle, message, replicas } = details;
  // An address stays as it is written.
  if (/^[a-z][a-z0-9+.-]*:/.test(message)) return message;
  if (message !== "") return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  switch (lifecycle) {
    case "Pending":
      return "Waiting for a scheduler to look at it.";
    case "Deploying":
      return "On its way; the steps below say how far.";
    case "Updating":
      return "A change is on its way; what served before serves until the new is ready.";
    case "Live":
      return replicas.ready === 1 ? "One replica answers requests." : `${replicas.ready} replicas answer requests.`;
    case "Stopping":
      return "Its replicas finish what they have and go.";
    case "Stopped":
      return "No replica runs and no memory is held. Start it to serve again.";
    case "ScaledToZero":
      return "It has no replica. Scale it up to serve again.";
    case "Deleting":
      return "It is being deleted; its name is free when its replicas are released.";
    default:
      return lifecycle satisfies never;
  }
}

/** Whether requests that arrive together run as one, and why not, or on whose word. */
export function batchingSentence({ joined, reason }: NonNullable<DeploymentDetails["batching"]>): string {
  if (joined) return reason === "" ? "Run as one where they arrive together" : `Run as one: ${reason}`;
  return `Run one by one: ${reason}`;
}

/** Why there is no request to try it with, and what to do. */
export function noSampleSentence({ signature }: DeploymentDetails): string {
  return signature === null
    ? "The example appears when the model is loaded."
    : "The model answered no request that was made from its signature. Give it one as model.sample in the manifest.";
}

/** Which revision answers, where that is not the newest; empty when there is nothing to say. */
export function servingSentence({ generation, servingGeneration, isRunning }: DeploymentDetails): string {
  if (!isRunning || servingGeneration === null || servingGeneration === generation) return "";
  return `Revision ${servingGeneration} answers until revision ${generation} is ready.`;
}

/** Names a deployment for a change of it, as it was last seen. */
export function targetOf({ group, name, uid, version }: DeploymentDetails) {
  return { kind: "deployments", group, name, uid, version };
}

/** Names a deployment for a change of it, as a change before answered it. */
export function targetOfResource({ metadata: { group, name, uid, version } }: ResourceView) {
  return { kind: "deployments", group, name, uid, version };
}
