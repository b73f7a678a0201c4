import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { ROOT } from "./paths.mjs";

/**
 * A reporter of vitest that writes what `npm test` sums up: counts, skips with their reasons, and what failed outside of
 * tests. Its file is written at the very end, so that a run that broke off has none.
 */
export default class TestReport {
  /** @param {{ file: string }} options */
  constructor({ file }) {
    this.file = file;
  }

  /** @param {readonly import("vitest/node").TestModule[]} modules @param {readonly unknown[]} unhandledErrors */
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: 0, skipped: [], failures: [], files: {} };
    for (const module of modules) {
      const file = relative(ROOT, module.moduleId);
      report.files[file] = 0;
      const broken = module.errors().length > 0 || (module.state() === "failed" && module.children.size === 0);
      if (broken) report.failures.push(`${file} (could not be run)`);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${file}: ${test.fullName}`;
        if (result.state === "passed") {
          report.passed += 1;
          report.files[file] += 1;
        } else if (result.state === "failed") report.failures.push(name);
        else report.skipped.push({ name, reason: result.note ?? null });
      }
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) report.failures.push(`${file}: ${suite.fullName} (set-up failed)`);
      }
    }
    for (const _ of unhandledErrors) report.failures.push("an error that no test caught");
    report.failed = report.failures.length;
    writeFileSync(this.file, JSON.stringify(report));
  }
}
