import { manifestValue } from "@slipway/contracts";
import { stringify } from "yaml";

/** A resource as the text that would give it; what a writer that sent none leaves in the history. */
export function manifestText(described: Parameters<typeof manifestValue>[0]): string {
  return stringify(manifestValue(described));
}
