import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noProcessEnv: tools/test.mjs names the file that it wants its report in
const reportFile = process.env.SLIPWAY_TEST_REPORT;

/** `unit`: tests beside their source, in parallel. `platform`: the whole platform with its processes, one file at a time. */
export default defineConfig({
  test: {
    globalSetup: ["packages/testkit/src/postgres-global-setup.ts"],
    pool: "forks",
    reporters:
      reportFile === undefined ? ["default"] : ["default", ["./tools/lib/test-report.mjs", { file: reportFile }]],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps,tools,bench,fuzz}/**/*.test.{ts,tsx,mjs}"],
          exclude: ["**/node_modules/**", "**/.next/**"],
          sequence: { groupOrder: 0 },
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "platform",
          include: ["e2e/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
