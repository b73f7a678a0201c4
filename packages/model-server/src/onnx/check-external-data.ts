import { realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { SlipwayError } from "@slipway/contracts";

/** ONNX Runtime reads a tensor's "file" of this name from a raw memory address, which no file may choose. */
const MEMORY_ADDRESS_MARKER = "_ORT_MEM_ADDR_";

/**
 * Lets a model refer only to files in its own folder or below, also after following links.
 * @throws SlipwayError model/external_data
 */
export function checkExternalData(modelPath: string, locations: readonly string[]): void {
  const folder = realpathSync(dirname(modelPath));
  for (const location of locations) {
    const path = resolve(folder, location);
    const isOutside =
      location === "" ||
      location.includes("\0") ||
      location.includes(MEMORY_ADDRESS_MARKER) ||
      isAbsolute(location) ||
      !isInside(folder, path) ||
      !isInside(folder, realPathOf(path));
    if (isOutside) throw new SlipwayError("model/external_data", { path: describe(location) });
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where a path really leads; a missing file leads nowhere, and the load will say so. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function describe(location: string): string {
  const text = location.replace(/[^\x20-\x7e]/g, "?");
  return text.length > 200 ? `${text.slice(0, 197)}...` : text || "(no path)";
}
