import {
  DEFAULT_MODEL_MEMORY,
  Deployment,
  formatMemory,
  memoryBytes,
  proposedMemory,
  type ResourceView,
} from "@slipway/contracts";

export type ChosenMemory = {
  /** What the manifest should say; null = what it says already, or nothing. */
  memory: string | null;
  /** Why, in a sentence; null when there is nothing to tell. */
  why: string | null;
};

/** The memory of a model that takes so many bytes: what a person says, what the deployment has, else what its size asks for. */
export function chooseMemory(
  loadedBytes: number,
  of: { given: string | undefined; existing: ResourceView | null },
): ChosenMemory {
  const size = formatMemory(loadedBytes);
  const proposed = proposedMemory(loadedBytes);
  const kept = of.existing === null ? undefined : Deployment.spec.parse(of.existing.spec).resources.memory;
  const stated = of.given ?? kept;
  if (stated !== undefined) {
    const isLittle = memoryBytes(stated) < loadedBytes;
    const why = isLittle
      ? `Memory ${stated} is less than the ${size} that the model loads; ${proposed} is proposed.`
      : null;
    return { memory: of.given ?? null, why };
  }
  if (proposed === DEFAULT_MODEL_MEMORY) return { memory: null, why: null };
  return {
    memory: proposed,
    why: `Memory ${proposed} for a replica: twice the ${size} that it loads. --memory sets another.`,
  };
}
