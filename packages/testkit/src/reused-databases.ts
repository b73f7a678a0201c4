import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier, Pool } from "pg";
import { until } from "./until.ts";

/** Databases that the tests of one run hand on to each other, emptied in between: far cheaper than to copy and drop one for each. */
export type ReusedDatabases = {
  /** The name of one that is as its template, and nobody else's until it is released. */
  claim(): Promise<string>;
  /** Gives it back as it is; whoever claims it next empties it. */
  release(name: string): Promise<void>;
};

type Options = {
  /** Of the database `postgres`. */
  serverUrl: string;
  /** What the names of these databases begin with, and no other's. */
  prefix: string;
  databaseUrl: (name: string) => string;
  /** Makes a database of this name, from a template that `REMEMBER` was run in. */
  create: (name: string) => Promise<void>;
};

/** How long the connections of the test before may take to end. */
const ENDING_MS = 2_000;

/** Everything about tables, columns, indexes, triggers and functions that a test may have changed; a copy has the same ids. */
const SHAPE = `
  md5(concat_ws('/',
    (SELECT string_agg(concat_ws(',', oid, relname, relkind, reloptions), ';' ORDER BY oid) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat_ws(',', attrelid, attname, atttypid, attnotnull), ';' ORDER BY attrelid, attnum)
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat_ws(',', oid, tgenabled), ';' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(concat_ws(',', oid, convalidated), ';' ORDER BY oid) FROM pg_constraint),
    (SELECT string_agg(concat_ws(',', oid, md5(prosrc)), ';' ORDER BY oid) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace)))`;

const TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'";

/** Keeps in a template what an emptied copy of it must have again: the rows that migrations brought, and its shape. */
export const REMEMBER = `
  CREATE SCHEMA as_made;
  CREATE SCHEMA as_made_rows;
  DO $$ DECLARE t text; has boolean; BEGIN
    FOR t IN ${TABLES} LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', t) INTO has;
      IF has THEN EXECUTE format('CREATE TABLE as_made_rows.%I AS TABLE public.%I', t, t); END IF;
    END LOOP;
  END $$;
  CREATE TABLE as_made.shape AS SELECT ${SHAPE} AS shape;`;

const EMPTY = `
  DO $$ DECLARE t text; has boolean; filled text[] := '{}'; BEGIN
    FOR t IN ${TABLES} LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', t) INTO has;
      IF has THEN filled := filled || format('public.%I', t); END IF;
    END LOOP;
    IF filled <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' RESTART IDENTITY CASCADE'; END IF;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'as_made_rows' LOOP
      EXECUTE format('INSERT INTO public.%I SELECT * FROM as_made_rows.%I', t, t);
    END LOOP;
  END $$;`;

const OTHERS = `
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;

/** A claim is a lock of this process's one connection, so that what a process held that ended is free again. */
export function reusedDatabases({ serverUrl, prefix, databaseUrl, create }: Options): ReusedDatabases {
  const server = new Pool({ connectionString: serverUrl, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true });
  server.on("error", () => undefined);
  const mine = new Set<string>();

  async function lock(name: string): Promise<boolean> {
    mine.add(name);
    const { rows } = await server.query<{ isMine: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AND EXISTS (SELECT FROM pg_database WHERE datname = $1) AS "isMine"`,
      [name],
    );
    const isMine = rows[0]?.isMine === true;
    if (!isMine) mine.delete(name);
    return isMine;
  }

  async function release(name: string): Promise<void> {
    await server.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [name]);
    mine.delete(name);
  }

  async function claimIdle(): Promise<string | undefined> {
    const { rows } = await server.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)",
      [prefix],
    );
    for (const { name } of rows) {
      if (mine.has(name) || !(await lock(name))) continue;
      if (await isMadeAsNew(databaseUrl(name))) return name;
      await server.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      await release(name);
    }
    return undefined;
  }

  return {
    release,
    async claim() {
      const idle = await claimIdle();
      if (idle !== undefined) return idle;
      const name = `${prefix}${randomBytes(6).toString("hex")}`;
      mine.add(name);
      await server.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [name]);
      await create(name);
      return name;
    },
  };
}

/** Empties a database; false for one that somebody is still connected to, or whose tables are not what they were. */
async function isMadeAsNew(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await until(async () => (await client.query(OTHERS)).rows.length === 0, { timeoutMs: ENDING_MS });
    const { rows } = await client.query(`SELECT FROM as_made.shape WHERE shape = ${SHAPE}`);
    if (rows.length === 0) return false;
    await client.query(EMPTY);
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
