import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDb, type Db, migrate } from "@slipway/db";
import { type Postgres, startPostgres } from "@slipway/platform";
import { systemClock } from "@slipway/service-kit";

/** A PostgreSQL server of a bench's own, in a temporary folder that goes with it. */
export type OwnPostgres = {
  /** Makes a migrated database; its owner closes it. */
  database(name: string): Promise<{ url: string; db: Db }>;
  stop(): Promise<void>;
};

/** Starts one as a platform would run it: every commit is on disk before it counts. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-postgres-"));
  const postgres: Postgres = await startPostgres({
    folder,
    port: 0,
    password: "own",
    logFile: join(folder, "postgres.log"),
    durable: true,
    // biome-ignore lint/style/noProcessEnv: where the system's PostgreSQL is looked for
    pathVariable: process.env.PATH ?? "",
    clock: systemClock,
    signal: AbortSignal.timeout(120_000),
  });
  return {
    async database(name) {
      const server = createDb(postgres.url("postgres"), { max: 1 });
      await server.pool.query(`CREATE DATABASE ${name}`);
      await server.close();
      const url = postgres.url(name);
      await migrate(url);
      return { url, db: createDb(url, { max: 4 }) };
    },
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
