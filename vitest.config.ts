import { defineConfig } from "vitest/config";

/** `unit`: tests beside their source, in parallel. `platform`: the whole platform with its processes, one file at a time. */
export default defineConfig({
  test: {
    globalSetup: ["packages/testkit/src/postgres-global-setup.ts"],
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps,tools,bench}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "**/.next/**"],
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
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
