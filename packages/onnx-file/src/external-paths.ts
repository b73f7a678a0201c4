import { isAbsolute, posix } from "node:path";
import { SlipwayError } from "@slipway/contracts";

/**
 * Where a model's external data lies, as paths below the model's own folder, each once.
 * @throws model/external_data when one leads out of it
 */
export function externalPaths(locations: readonly string[]): string[] {
  return [...new Set(locations.map(pathOf))];
}

function pathOf(location: string): string {
  const path = posix.normalize(location);
  if (location === "" || isAbsolute(location) || path === ".." || path.startsWith("../") || location.includes("\0")) {
    throw new SlipwayError("model/external_data", { path: location });
  }
  return path;
}
