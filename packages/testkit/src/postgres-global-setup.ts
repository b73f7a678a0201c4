import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Postgres, startPostgres } from "@slipway/platform";
import { systemClock } from "@slipway/service-kit";
import { Client, escapeIdentifier } from "pg";
import type { TestProject } from "vitest/node";
import { endWithRun } from "./end-with-run.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The database `postgres` of the server that this run's tests share; suites make their own databases on it. */
    testPostgresUrl: string;
    /** Marks what this run makes, on a server that others may use too. */
    testRunId: string;
  }
}

/**
 * Gives a test run one PostgreSQL server: the one that DATABASE_URL names (whose own database is never written), else one
 * that is started for the run in a temporary folder and removed with it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // biome-ignore lint/style/noProcessEnv: this is where a test run's environment is read
  const { DATABASE_URL, PATH = "" } = process.env;
  const runId = randomBytes(6).toString("hex");
  project.provide("testRunId", runId);
  if (DATABASE_URL !== undefined && DATABASE_URL !== "") {
    project.provide("testPostgresUrl", DATABASE_URL);
    return () => dropDatabasesOf(DATABASE_URL, runId);
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-postgres-"));
  const postgres = await start(folder, PATH);
  project.provide("testPostgresUrl", postgres.url("postgres"));
  const release = endWithRun(postgres.identity, "INT", folder);
  return async () => {
    await postgres.stop();
    release();
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

/** An external server outlives the run, so the run's template must not stay on it. */
async function dropDatabasesOf(url: string, runId: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname LIKE 'slipway\\_test\\_%' AND position($1 in datname) > 0",
      [runId],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE ${escapeIdentifier(datname)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
