import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createDb, type Db, migrate, newFeedEpoch } from "@slipway/db";
import { MIGRATIONS_DIRECTORY, readMigrations } from "@slipway/db/migrations/migration-list";
import { Client } from "pg";
import { inject, onTestFinished } from "vitest";

/** A migrated, empty database that one test has to itself. */
export type TestDatabase = { url: string; db: Db };

/** One after the other: a template cannot be copied while somebody makes it. */
const TEMPLATE_LOCK = 7_470_920;

/**
 * A fresh database on the Postgres of this run of tests, copied from one that was migrated once (50 ms); it is dropped when
 * the test that asked for it ends. Call it in a test or a hook.
 */
export async function testDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const url = databaseUrl(name);
  await withServer(async (server) => {
    await server.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const template = await migratedTemplate(server);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  });
  const db = createDb(url, { max: options.max ?? 10, applicationName: name });
  await newFeedEpoch(db.pool);
  onTestFinished(async () => {
    await db.close();
    await dropTestDatabase(name);
  });
  return { url, db };
}

/** An empty database without any table, for tests of the migrations themselves; dropped when the test ends. */
export async function emptyDatabase(): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await withServer((server) => server.query(`CREATE DATABASE ${name}`));
  onTestFinished(() => dropTestDatabase(name));
  return databaseUrl(name);
}

/** Runs statements on the server that all test databases lie on, e.g. to end a connection. */
export async function withServer<T>(work: (server: Client) => Promise<T>): Promise<T> {
  const server = new Client({ connectionString: inject("testPostgresUrl") });
  server.on("error", () => undefined);
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

async function migratedTemplate(server: Client): Promise<string> {
  const list = await readMigrations(MIGRATIONS_DIRECTORY);
  const hash = createHash("sha256");
  for (const { path } of list.migrationDirectories) {
    hash.update(path).update(readFileSync(`${MIGRATIONS_DIRECTORY}/${path}/migration.sql`));
  }
  const name = `template_${hash.digest("hex").slice(0, 16)}`;
  const { rows } = await server.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (rows.length === 0) {
    await server.query(`CREATE DATABASE ${name}_unfinished`);
    await migrate(databaseUrl(`${name}_unfinished`));
    await server.query(`ALTER DATABASE ${name}_unfinished RENAME TO ${name}`);
  }
  return name;
}

function dropTestDatabase(name: string): Promise<void> {
  return withServer(async (server) => {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

function databaseUrl(name: string): string {
  const url = new URL(inject("testPostgresUrl"));
  url.pathname = `/${name}`;
  return url.href;
}
