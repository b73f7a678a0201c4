import type { Clock, ProcessIdentity } from "@slipway/service-kit";
import { removeProcessRecord, writeProcessRecord } from "@slipway/service-kit";
import { Client, escapeIdentifier } from "pg";
import { type Postgres, type PostgresOptions, startPostgres } from "./start-postgres.ts";

export type SupervisedPostgres = {
  /** Connection string of Slipway's database. */
  url: string;
  version: string;
  identity(): ProcessIdentity | null;
  stop(): Promise<void>;
};

const DATABASE = "slipway";
const NAME = "postgres";
const RETRY_MS = 1_000;

async function ensureDatabase(postgres: Postgres): Promise<void> {
  const client = new Client({ connectionString: postgres.url("postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

/** Starts our own PostgreSQL, keeps its process record, and starts it again on the same port when it ends without being told. */
export async function supervisePostgres(
  options: Omit<PostgresOptions, "signal">,
  deps: { recordDir: string; report: (line: string) => void; clock: Clock; signal: AbortSignal },
): Promise<SupervisedPostgres> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([deps.signal, stopping.signal]);
  let current = await start(options);
  await ensureDatabase(current);

  async function start(wanted: Omit<PostgresOptions, "signal">): Promise<Postgres> {
    const postgres = await startPostgres({ ...wanted, signal });
    const addresses = { postgres: `127.0.0.1:${postgres.port}` };
    writeProcessRecord(deps.recordDir, { ...postgres.identity, name: NAME, addresses });
    void postgres.exited.then(() => restart(postgres));
    return postgres;
  }

  async function restart(ended: Postgres): Promise<void> {
    if (stopping.signal.aborted) return;
    deps.report(`postgres (process ${ended.identity.pid}) ended; starting it again`);
    for (;;) {
      try {
        current = await start({ ...options, port: ended.port });
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        deps.report(`postgres could not be started: ${error instanceof Error ? error.message : String(error)}`);
        await deps.clock.sleep(RETRY_MS, stopping.signal).catch(() => undefined);
      }
    }
  }

  return {
    url: current.url(DATABASE),
    version: `PostgreSQL ${current.major} ${current.source === "npm" ? "from its package" : "of this system"}`,
    identity: () => current.identity,
    async stop() {
      stopping.abort(new Error("the platform stops"));
      await current.stop();
      removeProcessRecord(deps.recordDir, NAME);
    },
  };
}
