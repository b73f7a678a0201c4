import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createDb, type Db, migrate, newFeedEpoch } from "@slipway/db";
import { MIGRATIONS_DIRECTORY, readMigrations } from "@slipway/db/migrations/migration-list";
import { Client } from "pg";
import { inject, onTestFinished, TestRunner } from "vitest";

/** The PostgreSQL server that this run's tests share. */
export type TestPostgres = {
  /** Of the database `postgres`, as a user who may create others. */
  url: string;
  /** Runs statements on a connection of their own, e.g. to end somebody else's. */
  run<T>(work: (server: Client) => Promise<T>): Promise<T>;
};

/** A database that one test or suite has to itself. */
export type TestDatabase = {
  url: string;
  db: Db;
  /** Closes the connections and drops the database. A test's own is closed when the test ends. */
  close(): Promise<void>;
};

/** One after the other: a template cannot be copied while somebody makes it. */
const TEMPLATE_LOCK = 7_470_920;

/** The server of this run; `postgres-global-setup.ts` starts it. */
export function testPostgres(): TestPostgres {
  const url = inject("testPostgresUrl");
  return {
    url,
    async run(work) {
      const server = new Client({ connectionString: url });
      server.on("error", () => undefined);
      await server.connect();
      try {
        return await work(server);
      } finally {
        await server.end();
      }
    },
  };
}

/**
 * A fresh, migrated, empty database, copied from one that was migrated once in this run (50 ms). Asked for in a test, it goes
 * when the test ends; asked for in a suite's hook, the suite closes it.
 */
export async function testDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
  const name = databaseName();
  await testPostgres().run(async (server) => {
    await server.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${await migratedTemplate(server)} STRATEGY file_copy`);
  });
  const database = open(name, options.max);
  await newFeedEpoch(database.db.pool);
  return database;
}

/** A database without any table, for tests of the migrations themselves. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  const name = databaseName();
  await testPostgres().run((server) => server.query(`CREATE DATABASE ${name}`));
  return open(name);
}

function open(name: string, max = 10): TestDatabase {
  const url = databaseUrl(name);
  const db = createDb(url, { max, applicationName: name });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= db.close().then(async () => {
      await testPostgres().run((server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    });
    return closed;
  };
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(close);
  return { url, db, close };
}

async function migratedTemplate(server: Client): Promise<string> {
  const list = await readMigrations();
  const hash = createHash("sha256");
  for (const { path } of list.migrationDirectories) {
    hash.update(path).update(readFileSync(join(MIGRATIONS_DIRECTORY, path, "migration.sql")));
  }
  const name = `slipway_test_${inject("testRunId")}_${hash.digest("hex").slice(0, 12)}`;
  const { rows } = await server.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (rows.length === 0) {
    await server.query(`CREATE DATABASE ${name}_unfinished`);
    await migrate(databaseUrl(`${name}_unfinished`));
    await server.query(`ALTER DATABASE ${name}_unfinished RENAME TO ${name}`);
  }
  return name;
}

function databaseName(): string {
  return `slipway_test_${inject("testRunId")}_${randomBytes(6).toString("hex")}`;
}

function databaseUrl(name: string): string {
  const url = new URL(testPostgres().url);
  url.pathname = `/${name}`;
  return url.href;
}
