import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What is installed or made, and not ours to look at. */
const SKIPPED = new Set(["node_modules", ".next", "dist", "generated", ".turbo", ".git", ".cache", ".slipway"]);

/**
 * Files of the checkout whose path, relative to it and with `/`, matches; sorted.
 * @param {string} root @param {RegExp} pattern @param {string} [under] folder or file to look in
 * @returns {string[]}
 */
export function findFiles(root, pattern, under = "") {
  const stat = statSync(join(root, under), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return pattern.test(under) ? [under] : [];
  return readdirSync(join(root, under))
    .filter((name) => !SKIPPED.has(name))
    .toSorted()
    .flatMap((name) => findFiles(root, pattern, under === "" ? name : `${under}/${name}`));
}
