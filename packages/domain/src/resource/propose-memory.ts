import { DEFAULT_MODEL_MEMORY, Deployment, proposedMemory } from "@slipway/contracts";

/** The spec of a deployment with the memory that its registered model's size asks for, unless it says how much itself. */
export function withProposedMemory(spec: Record<string, unknown>, loadedBytes: number): Record<string, unknown> {
  const { resources } = Deployment.spec.parse(spec);
  const memory = proposedMemory(loadedBytes);
  if (resources.memory !== undefined || memory === DEFAULT_MODEL_MEMORY) return spec;
  return { ...spec, resources: { ...resources, memory } };
}
