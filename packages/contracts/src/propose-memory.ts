/** What counts for a model that declares no `resources.memory`. This file stays free of schemas, so that pages may import it. */
export const DEFAULT_MODEL_MEMORY = "128Mi";

const DEFAULT_MEBIBYTES = 128;
/** Loads were measured to take up to 1.9 times what lies on the disk; requests come on top. */
const MEMORY_PER_BYTE = 2;

/**
 * The memory to give a replica of a model, of the bytes that are loaded: twice as much in whole MiB, and never less than what
 * counts when nothing is said. As a manifest says it.
 */
export function proposedMemory(loadedBytes: number): string {
  return `${Math.max(DEFAULT_MEBIBYTES, Math.ceil((loadedBytes * MEMORY_PER_BYTE) / 2 ** 20))}Mi`;
}
