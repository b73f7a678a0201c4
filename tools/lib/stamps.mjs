import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFiles } from "./files.mjs";
import { ROOT, STAMPS } from "./paths.mjs";

/**
 * A hash of the names and contents of files and folders of the checkout; tests and what is generated do not count.
 * @param {readonly string[]} paths
 */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => findFiles(ROOT, /(?<!\.test\.tsx?|next-env\.d\.ts)$/, path))) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** What was noted when a step last succeeded; null before. @param {string} name */
export function readStamp(name) {
  try {
    return readFileSync(join(STAMPS, name), "utf8");
  } catch {
    return null;
  }
}

/** Notes that a step succeeded; written whole or not at all, so an interrupted step is done again. @param {string} name @param {string} text */
export function writeStamp(name, text) {
  mkdirSync(STAMPS, { recursive: true });
  const path = join(STAMPS, name);
  writeFileSync(`${path}.${process.pid}.tmp`, text);
  renameSync(`${path}.${process.pid}.tmp`, path);
}
