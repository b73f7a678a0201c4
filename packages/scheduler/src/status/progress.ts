import type { ProgressStep, ResourceStatus } from "@slipway/contracts";
import type { ModelFacts, Now } from "../snapshot/types.ts";

type StepState = ProgressStep["state"];

/** The checklist from placed to routed; a step keeps the time of its last turn for as long as it is about one generation. */
export function progressOf(
  facts: ModelFacts | undefined,
  routed: boolean | null,
  before: ResourceStatus | undefined,
  observedGeneration: number,
  now: Now,
): ProgressStep[] {
  const states = statesOf(facts, routed);
  return states.map(({ name, state }) => {
    const old =
      before?.observedGeneration === observedGeneration
        ? before.progress.find((step) => step.name === name)
        : undefined;
    if (state === "waiting") return { name, state, at: null };
    const at = old?.state === state && old.at !== null ? old.at : new Date(now.wallMs).toISOString();
    return { name, state, at };
  });
}

function statesOf(
  facts: ModelFacts | undefined,
  routed: boolean | null,
): { name: ProgressStep["name"]; state: StepState }[] {
  const placed: StepState = facts !== undefined && facts.placed > 0 ? "done" : "waiting";
  const steps: { name: ProgressStep["name"]; state: StepState }[] = [
    { name: "placed", state: placed },
    { name: "fetched", state: fetchState(facts) },
    { name: "loaded", state: loadState(facts) },
  ];
  if (routed !== null) steps.push({ name: "routed", state: routed ? "done" : isLoaded(facts) ? "running" : "waiting" });
  if (facts?.failed === null || facts === undefined) return steps;
  const first = steps.findIndex(({ state }) => state !== "done");
  // What was placed and then failed is placed no more, but the placing is not what failed.
  return steps.map((step, index) => {
    if (step.name === "placed") return { name: step.name, state: "done" };
    if (isArtifactProblem(facts)) return { name: step.name, state: step.name === "fetched" ? "failed" : "waiting" };
    if (step.name === "fetched") return { name: step.name, state: "done" };
    return { name: step.name, state: step.name === "loaded" ? "failed" : index > first ? "waiting" : step.state };
  });
}

function isArtifactProblem(facts: ModelFacts): boolean {
  return facts.failed?.code.startsWith("artifact/") ?? false;
}

function isLoaded(facts: ModelFacts | undefined): boolean {
  return facts !== undefined && facts.readyNew > 0 && facts.starting === 0;
}

function fetchState(facts: ModelFacts | undefined): StepState {
  if (facts?.fetched === true) return "done";
  return facts?.fetching === true ? "running" : "waiting";
}

function loadState(facts: ModelFacts | undefined): StepState {
  if (isLoaded(facts)) return "done";
  return facts?.fetched === true ? "running" : "waiting";
}
