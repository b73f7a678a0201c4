// npm run verify: all that can be said about the repository in seconds, without a database.
import { existsSync } from "node:fs";
import { generateCode } from "./lib/generate-code.mjs";
import { missingFromLockfile } from "./lib/lockfile.mjs";
import { NODE, ROOT } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { runTool, say, seconds } from "./lib/steps.mjs";
import { ARROWS, NEVER } from "./verify/arrows.mjs";
import { checkArrows } from "./verify/check-arrows.mjs";
import { checkDocuments } from "./verify/check-documents.mjs";
import { checkExactVersions, checkForeignNames, checkLockfile } from "./verify/check-repository.mjs";

/** A check that is a program: its output is the problem. @param {...string} words @returns {() => Promise<string[]>} */
function program(...words) {
  return async () => {
    const { code, output } = await run(NODE, words, { timeoutMs: 120_000 });
    return code === 0 ? [] : [output.trim()];
  };
}

/** @type {{ name: string, check: () => Promise<string[]> | string[] }[]} */
const CHECKS = [
  {
    name: "format and lint",
    check: program(
      "node_modules/@biomejs/biome/bin/biome",
      "check",
      "--error-on-warnings",
      "--no-errors-on-unmatched",
      ".",
    ),
  },
  { name: "types", check: program("node_modules/typescript/bin/tsc", "-p", ".") },
  { name: "import arrows", check: () => checkArrows(ROOT, ARROWS, NEVER) },
  { name: "configuration tables", check: program("tools/config-tables.mjs") },
  { name: "command reference", check: program("apps/cli/src/docs.ts", "--check") },
  { name: "paths in documents", check: () => checkDocuments(ROOT) },
  { name: "no foreign names", check: () => checkForeignNames(ROOT) },
  { name: "exact versions", check: () => checkExactVersions(ROOT) },
  {
    name: "lockfile",
    check: () => [
      ...checkLockfile(ROOT),
      ...missingFromLockfile().map(({ name }) => `package-lock.json leaves out ${name}; run npm run complete-lockfile`),
    ],
  },
];

await runTool(async () => {
  if (!existsSync(NODE)) {
    say("The packages are not installed yet; run npm ci (or npm start).");
    return 1;
  }
  // Types are checked against what proto/ and prisma/ say now; unchanged, this takes no time.
  await generateCode();
  let failed = 0;
  await Promise.all(
    CHECKS.map(async ({ name, check }) => {
      const startedMs = performance.now();
      const problems = await check();
      const took = seconds(performance.now() - startedMs);
      if (problems.length > 0) failed += 1;
      say(
        `${problems.length === 0 ? "ok    " : "FAILED"} ${name} (${took})${problems.map((problem) => `\n${problem}`).join("")}`,
      );
    }),
  );
  return failed === 0 ? 0 : 1;
});
