import { Client, Pool } from "pg";
import { ensureFeedEpoch } from "../feed/feed-epoch.ts";
import { readMigrations } from "./migration-list.ts";
import { openSchemaEngine, type SchemaEngine } from "./schema-engine.ts";

export type MigrateOptions = {
  /** A folder of migrations; the product's own when unsaid. */
  directory?: string;
};

/** A migration that Postgres refused. It was rolled back whole, and the next start tries it again. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

/** Any number; the same for everybody who migrates a Slipway database. */
const MIGRATION_LOCK = 7_470_919;
const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Brings the database to the newest schema and returns the names of the migrations that this took. Safe at every start and
 * when several start at once: one applies, the others wait and find nothing to do. A failing migration leaves nothing of
 * itself behind.
 * @throws MigrationError saying which migration failed, why, and what to do
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const lock = new Client({ connectionString: databaseUrl, application_name: "slipway-migrate" });
  lock.on("error", () => undefined);
  await lock.connect();
  const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: "slipway-migrate" });
  pool.on("error", () => undefined);
  try {
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const applied = await applyAll(pool, options.directory);
    await ensureFeedEpoch(lock);
    return applied;
  } finally {
    await pool.end();
    await lock.end();
  }
}

async function applyAll(pool: Pool, directory: string | undefined): Promise<string[]> {
  const migrationsList = await readMigrations(directory);
  const engine = await openSchemaEngine(pool);
  try {
    await forgetFailures(engine, migrationsList);
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
    return appliedMigrationNames;
  } catch (error) {
    throw new MigrationError(explain(error), { cause: error });
  } finally {
    engine.free();
  }
}

/** A migration that failed before was rolled back whole, so it may be tried again. */
async function forgetFailures(engine: SchemaEngine, migrationsList: Awaited<ReturnType<typeof readMigrations>>) {
  const history = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTER,
  });
  for (const migrationName of history.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const name = /migration_name="([^"]+)"/.exec(text)?.[1];
  const words = text.split(/\n\s+0: /)[0]?.trim() ?? "";
  return [
    `The database could not be brought to the newest schema${name === undefined ? "" : ` (migration ${name})`}; it is as it was before.`,
    words,
    "Mend the cause (disk space, rights, a change made by hand) and start again: the migration is tried anew.",
  ].join("\n");
}
