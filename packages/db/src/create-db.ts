import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { PrismaClient } from "./generated/client.ts";

/** One process's way to the database: plain reads go through Prisma, locks and bulk statements through the pool. */
export type Db = {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  /** For connections of their own, such as one that listens. */
  readonly databaseUrl: string;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
};

export type DbOptions = {
  /** The most connections at once; default 10. */
  max?: number;
  /** Shown in pg_stat_activity; default `slipway`. */
  applicationName?: string;
  /** Hears of idle connections that broke; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void;
};

/** How long a caller waits for a free connection before it gets an error. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The longest that one statement may run; jobs work in small batches. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** The longest that a caller waits for an answer of a server that froze, which no limit of its own can end. */
const ANSWER_TIMEOUT_MS = 12_000;

/** Opens no connection yet. Prisma and raw SQL share one pool, so `max` bounds them together. */
export function createDb(databaseUrl: string, options: DbOptions = {}): Db {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "slipway",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on("error", (error) => options.onIdleError?.(error));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: "minimal" });
  return {
    prisma,
    pool,
    databaseUrl,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
