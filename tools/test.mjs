// npm test [-- PATH …]: provisions what the tests need, runs the checks and all tests, and ends with one plain line.
// npm run test:changed: only tests that the uncommitted change (else the last commit) touches.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { provideChromium, testsUseBrowser } from "./lib/chromium.mjs";
import { CACHE, NODE, ROOT } from "./lib/paths.mjs";
import { runToEnd } from "./lib/run-to-end.mjs";
import { runTool, say, tellError } from "./lib/steps.mjs";

const words = process.argv.slice(2);
const onlyChanged = words.includes("--changed");
const filters = words.filter((word) => word !== "--changed");
const isWhole = !onlyChanged && filters.length === 0;

/** @typedef {{ passed: number, failures: string[], skipped: { name: string, reason: string | null }[] }} Summary */

/** What a change is compared with: nothing committed since, or the commit before the last. */
function changedSince() {
  const uncommitted = execFileSync("git", ["status", "--porcelain"], { cwd: ROOT, encoding: "utf8" }).trim();
  return uncommitted === "" ? ["--changed", "HEAD~1"] : ["--changed"];
}

/** Runs vitest; a runner that broke off is a failure. @param {Record<string, string>} env @returns {Promise<Summary>} */
async function runTests(env) {
  const file = join(CACHE, `test-report-${process.pid}.json`);
  mkdirSync(CACHE, { recursive: true });
  rmSync(file, { force: true });
  const selection = onlyChanged ? ["--project", "unit", "--passWithNoTests", ...changedSince()] : filters;
  const code = await runToEnd(NODE, ["node_modules/vitest/vitest.mjs", "run", ...selection], {
    ...env,
    SLIPWAY_TEST_REPORT: file,
  });
  /** @type {Summary} */
  let summary = { passed: 0, failures: [], skipped: [] };
  try {
    summary = JSON.parse(readFileSync(file, "utf8"));
    rmSync(file, { force: true });
    if (code !== 0 && summary.failures.length === 0) summary.failures.push(`the test runner ended with code ${code}`);
  } catch {
    summary.failures.push(`the test runner broke off with code ${code}`);
  }
  return summary;
}

/** @returns {Promise<{ env: Record<string, string>, failures: string[] }>} */
async function provision() {
  if (!testsUseBrowser()) return { env: {}, failures: [] };
  const chromium = await provideChromium();
  if ("path" in chromium) return { env: { CHROMIUM_PATH: chromium.path }, failures: [] };
  const mustHave = process.env.CI === "true" && chromium.couldInstall;
  return {
    env: { SLIPWAY_NO_CHROMIUM: chromium.missing },
    failures: mustHave ? [`chromium could be had here, but: ${chromium.missing}`] : [],
  };
}

/** @param {Summary} summary */
function tell({ passed, failures, skipped }) {
  say("");
  for (const { name, reason } of skipped) say(`skipped ${name}${reason === null ? "" : `: ${reason}`}`);
  for (const name of failures) say(`failed ${name}`);
  say(`${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
}

await runTool(async () => {
  /** @type {Summary} */
  const summary = { passed: 0, failures: [], skipped: [] };
  try {
    await bootstrap({ withConsole: isWhole || filters.some((filter) => filter.startsWith("e2e")) });
    if (isWhole && (await runToEnd(NODE, [join(ROOT, "tools", "verify.mjs")], {})) !== 0)
      summary.failures.push("npm run verify");
    const { env, failures } = await provision();
    const ran = await runTests(env);
    summary.passed = ran.passed;
    summary.skipped = ran.skipped;
    summary.failures.push(...failures, ...ran.failures);
    if (!onlyChanged && ran.passed + ran.failures.length === 0) summary.failures.push("no test ran");
  } catch (error) {
    tellError(error);
    summary.failures.push("set-up");
  }
  tell(summary);
  return summary.failures.length === 0 ? 0 : 1;
});
