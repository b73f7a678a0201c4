import { connect } from "node:net";
import { type Ask, watchAnswers } from "@slipway/fleet";
import type { Clock, ProcessIdentity } from "@slipway/service-kit";
import { isPortFree, removeProcessRecord, writeProcessRecord } from "@slipway/service-kit";
import { Client, escapeIdentifier } from "pg";
import { type Postgres, type PostgresOptions, startPostgres } from "./start-postgres.ts";

export type SupervisedPostgres = {
  /** Connection string of Slipway's database. */
  url: string;
  port: number;
  version: string;
  identity(): ProcessIdentity | null;
  stop(): Promise<void>;
};

const DATABASE = "slipway";
const NAME = "postgres";
const RETRY_MS = 1_000;
/** The server's first process only starts sessions, which takes it no time; it answers while it recovers too. */
const HUNG_AFTER_MS = 15_000;
/** The question whether sessions are encrypted, which a server answers to everybody with one letter. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Asks a PostgreSQL server whether it is there, without opening a session. */
function askPostgres(port: number): Ask {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, signal }, () => socket.write(SSL_REQUEST));
      socket.once("data", () => {
        resolve();
        socket.destroy();
      });
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the server closed the connection")));
    });
}

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
  let current = await start(options).catch(async (error: unknown) => {
    // Another program may have taken the port since it was chosen; nobody has been told of it yet.
    if (signal.aborted || options.port === 0 || (await isPortFree(options.port))) throw error;
    return start({ ...options, port: 0 });
  });
  await ensureDatabase(current);

  async function start(wanted: Omit<PostgresOptions, "signal">): Promise<Postgres> {
    const postgres = await startPostgres({ ...wanted, signal });
    const addresses = { postgres: `127.0.0.1:${postgres.port}` };
    writeProcessRecord(deps.recordDir, { ...postgres.identity, name: NAME, addresses });
    const ended = new AbortController();
    void endWhenHung(postgres, ended.signal);
    void postgres.exited.then(() => {
      ended.abort(new Error("the database has ended"));
      return restart(postgres);
    });
    return postgres;
  }

  async function endWhenHung(postgres: Postgres, ended: AbortSignal): Promise<void> {
    const { clock } = deps;
    const ask = askPostgres(postgres.port);
    const watch = { ask, clock, hungAfterMs: HUNG_AFTER_MS, startWithinMs: HUNG_AFTER_MS };
    if (!(await watchAnswers(watch, AbortSignal.any([ended, stopping.signal])))) return;
    deps.report(`postgres (process ${postgres.identity.pid}) does not answer any more; ending it`);
    postgres.kill9();
  }

  async function restart(ended: Postgres): Promise<void> {
    if (stopping.signal.aborted) return;
    deps.report(`postgres (process ${ended.identity.pid}) ended; starting it again`);
    for (let told = ""; ; ) {
      try {
        current = await start({ ...options, port: ended.port });
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        const cause = error instanceof Error ? error.message : String(error);
        // Told once for each cause: on a full disk this goes on until there is room.
        if (cause !== told) deps.report(`postgres could not be started: ${cause}; trying again each second`);
        told = cause;
        await deps.clock.sleep(RETRY_MS, stopping.signal).catch(() => undefined);
      }
    }
  }

  return {
    url: current.url(DATABASE),
    port: current.port,
    version: `PostgreSQL ${current.major} ${current.source === "npm" ? "from its package" : "of this system"}`,
    identity: () => current.identity,
    async stop() {
      stopping.abort(new Error("the platform stops"));
      await current.stop();
      removeProcessRecord(deps.recordDir, NAME);
    },
  };
}
