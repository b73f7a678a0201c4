import type { Health, Lifecycle, ResourceStatus, Traffic } from "@slipway/contracts";
import * as z from "zod";
import { problem } from "../placement/verdict.ts";
import type { ModelFacts, ModelResource, Now, Problem } from "../snapshot/types.ts";
import { withTransitions } from "./conditions.ts";
import { progressOf } from "./progress.ts";

const tensors = z.array(z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number().int()) }));
const metadata = z.object({ inputs: tensors, outputs: tensors });
const tried = z.object({ sample: z.object({ shapes: z.array(z.array(z.int())).nullable() }) });
const found = z.object({ batching: z.object({ proven: z.boolean(), reason: z.string() }) });

/** Routes lead to deployments alone, so that nobody takes a loaded model for one that can be called. */
const NO_ENDPOINT = "It is loaded; a Model of its own has no endpoint, a Deployment of it would have one.";

/** The status of a Model, from what its reconciler found. */
export function modelStatus(
  model: ModelResource,
  facts: ModelFacts,
  before: ResourceStatus | undefined,
  now: Now,
): ResourceStatus {
  const trouble = troubleOf(facts);
  return {
    observedGeneration: model.generation,
    lifecycle: model.deleting ? "Deleting" : modelLifecycle(facts),
    health: healthOf(facts),
    traffic: model.ownerUid === null ? "None" : trafficOf(facts),
    reason: trouble?.code ?? null,
    message: trouble?.text ?? (model.ownerUid === null && facts.ready > 0 ? NO_ENDPOINT : ""),
    replicas: { ready: facts.ready, starting: facts.starting, wanted: facts.wanted },
    conditions: modelConditions(facts, before, now),
    progress: progressOf(facts, null, before, model.generation, now),
    servingGeneration: facts.servingGeneration === facts.attempt ? model.generation : null,
    signature: signatureOf(facts) ?? before?.signature ?? null,
    sample: sampleOf(facts) ?? before?.sample ?? null,
    batching: batchingOf(facts) ?? before?.batching ?? null,
    memory: null,
  };
}

/** Live means that what was asked for answers: an update on its way is Updating, a lost one Deploying again. */
export function modelLifecycle(facts: ModelFacts): Lifecycle {
  if (facts.wanted === 0) return facts.leaving + facts.ready > 0 ? "Stopping" : "ScaledToZero";
  if (facts.ready === 0) return facts.placed > 0 ? "Deploying" : "Pending";
  if (facts.failed !== null || facts.promoted) return "Live";
  if (facts.servingGeneration === null || (facts.servingGeneration === facts.attempt && facts.starting > 0))
    return "Deploying";
  return "Updating";
}

export function healthOf(facts: ModelFacts): Health {
  if (facts.wanted === 0) return "Healthy";
  if (facts.failed !== null) return facts.ready > 0 ? "Degraded" : "Failed";
  if (facts.lacking?.code === "placement/failed_here" && facts.ready === 0) return "Failed";
  if (facts.lacking !== null || facts.broken !== null) return "Degraded";
  return facts.ready >= facts.wanted || facts.ready > 0 ? "Healthy" : "Unknown";
}

export function trafficOf(facts: ModelFacts): Traffic {
  if (facts.ready === 0) return "None";
  return facts.ready >= facts.wanted ? "Serving" : "Partial";
}

/** What a person should read, if anything is wrong: the gravest first. */
export function troubleOf(facts: ModelFacts): Problem | null {
  if (facts.wanted === 0) return null;
  if (facts.failed !== null) {
    return facts.ready > 0 ? problem("rollout/update_failed", { detail: facts.failed.text }) : facts.failed;
  }
  return facts.lacking ?? facts.broken;
}

export function modelConditions(facts: ModelFacts, before: ResourceStatus | undefined, now: Now) {
  const isReady = facts.wanted === 0 ? null : facts.ready > 0;
  return withTransitions(
    before,
    [
      {
        type: "Placed",
        isTrue: facts.wanted === 0 || facts.failed !== null ? null : facts.lacking === null,
        reason: facts.lacking === null ? "Placed" : facts.lacking.code,
        message: facts.lacking?.text ?? "",
      },
      {
        type: "Ready",
        isTrue: isReady,
        reason: isReady === true ? "Answers" : (troubleOf(facts)?.code ?? "NotLoaded"),
        message: isReady === true ? "" : (troubleOf(facts)?.text ?? ""),
      },
      {
        type: "UpToDate",
        isTrue: facts.wanted === 0 ? null : facts.promoted,
        reason: facts.promoted ? "Promoted" : (facts.failed?.code ?? "OnItsWay"),
        message: facts.failed?.text ?? "",
      },
    ],
    now,
  );
}

/** The signature that an agent reported; null when there is none or it cannot be read. */
export function signatureOf(facts: Pick<ModelFacts, "signatureJson">): ResourceStatus["signature"] {
  const parsed = metadata.safeParse(reportedJson(facts));
  return parsed.success ? parsed.data : null;
}

/** Whether requests are joined, as an agent reported it; null when none did. */
export function batchingOf(facts: Pick<ModelFacts, "signatureJson">): ResourceStatus["batching"] {
  const parsed = found.safeParse(reportedJson(facts));
  return parsed.success ? { joined: parsed.data.batching.proven, reason: parsed.data.batching.reason } : null;
}

/** In which shapes a generated request was answered, as an agent reported it; null when none did. */
export function sampleOf(facts: Pick<ModelFacts, "signatureJson">): ResourceStatus["sample"] {
  const parsed = tried.safeParse(reportedJson(facts));
  return parsed.success ? parsed.data.sample : null;
}

function reportedJson({ signatureJson }: Pick<ModelFacts, "signatureJson">): unknown {
  if (signatureJson === "") return null;
  try {
    return JSON.parse(signatureJson);
  } catch {
    return null;
  }
}
