import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Postgres, startPostgres } from "@slipway/platform";
import { systemClock } from "@slipway/service-kit";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The database `postgres` of the server that this run's tests share; suites make their own databases on it. */
    testPostgresUrl: string;
  }
}

/**
 * Gives a test run one PostgreSQL server: the one that DATABASE_URL names (whose own database is never written), else one
 * that is started for the run in a temporary folder and removed with it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // biome-ignore lint/style/noProcessEnv: this is where a test run's environment is read
  const { DATABASE_URL, PATH = "" } = process.env;
  if (DATABASE_URL !== undefined && DATABASE_URL !== "") {
    project.provide("testPostgresUrl", DATABASE_URL);
    return async () => undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-postgres-"));
  const postgres = await start(folder, PATH);
  project.provide("testPostgresUrl", postgres.url("postgres"));
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function start(folder: string, pathVariable: string): Promise<Postgres> {
  try {
    return await startPostgres({
      folder,
      port: 0,
      password: randomBytes(16).toString("hex"),
      logFile: join(folder, "postgres.log"),
      durable: false,
      pathVariable,
      clock: systemClock,
      signal: AbortSignal.timeout(90_000),
      settings: { max_connections: "300" },
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
