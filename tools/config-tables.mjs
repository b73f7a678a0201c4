// Writes or checks the configuration tables of READMEs and docs, between `<!-- config FILE -->` and `<!-- /config -->`. Runs on Node 24.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFiles } from "./lib/files.mjs";
import { ROOT } from "./lib/paths.mjs";

const MARKED = /<!-- config (\S+) -->\n[\s\S]*?<!-- \/config -->/g;

/** The one export of a config file that is a set of settings. @param {string} file @param {typeof import("@slipway/service-kit")} kit */
async function tableOf(file, kit) {
  const exported = Object.values(await import(join(ROOT, file)));
  const tables = exported.flatMap((value) => {
    try {
      return value !== null && typeof value === "object" && Object.keys(value).length > 0
        ? [kit.configTable(value)]
        : [];
    } catch {
      return []; // something else that the file exports
    }
  });
  const [table] = tables;
  if (table === undefined || tables.length > 1)
    throw new Error(`${file} exports ${tables.length} sets of settings; one is expected`);
  return table;
}

const kit = await import(join(ROOT, "packages/service-kit/src/index.ts"));
const write = process.argv.includes("--write");
const stale = [];
for (const readme of findFiles(ROOT, /^((apps|packages)\/[^/]+\/README|docs\/[^/]+)\.md$/)) {
  const path = join(ROOT, readme);
  const before = readFileSync(path, "utf8");
  let after = before;
  for (const [block, file = ""] of before.matchAll(MARKED)) {
    after = after.replace(block, `<!-- config ${file} -->\n${await tableOf(file, kit)}\n<!-- /config -->`);
  }
  if (after === before) continue;
  if (write) writeFileSync(path, after);
  else stale.push(readme);
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(", ")}. Run: npm run generate`);
  process.exitCode = 1;
}
