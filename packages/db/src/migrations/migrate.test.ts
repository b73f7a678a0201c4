import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyTestDatabase } from "@slipway/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MigrationError, migrate } from "./migrate.ts";
import { readMigrations } from "./migration-list.ts";
import { schemaDifference } from "./schema-difference.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-migrations-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, "migration.sql"), sql);
}

async function everyMigration(): Promise<string[]> {
  return (await readMigrations()).migrationDirectories.map(({ path }) => path);
}

const FEED = `
  CREATE FUNCTION slipway_fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT '' $$;
  CREATE TABLE change (seq int);
  CREATE TABLE feed (id int, epoch uuid, low_water_xid xid8, low_water_seq bigint, fingerprint text);`;

test("the migrations give exactly the tables that prisma/schema declares", async () => {
  const { url } = await emptyTestDatabase();
  await migrate(url);
  expect(await schemaDifference(url), "put this into a new migration").toBe("");
});

test("a column that no migration brings is noticed", async () => {
  const { url, db } = await emptyTestDatabase();
  await migrate(url);
  await db.pool.query('ALTER TABLE "resource" DROP COLUMN "annotations"');
  expect(await schemaDifference(url)).toContain('ADD COLUMN     "annotations" JSONB');
});

test("a second run finds nothing to do", async () => {
  const { url } = await emptyTestDatabase();
  expect(await migrate(url)).toEqual(await everyMigration());
  expect(await migrate(url)).toEqual([]);
});

test("of two that start at once one applies and the other waits", async () => {
  const { url } = await emptyTestDatabase();
  const applied = await Promise.all([migrate(url), migrate(url)]);
  expect(applied.flat()).toEqual(await everyMigration());
});

test("a failing migration leaves nothing half-applied, says what to do, and is tried again once mended", async () => {
  const { url, db } = await emptyTestDatabase();
  await writeMigration("1_feed", FEED);
  await writeMigration("2_broken", "CREATE TABLE half (id int); INSERT INTO half VALUES (1); SELECT 1 / 0;");
  await expect(migrate(url, { directory })).rejects.toThrow(MigrationError);
  await expect(migrate(url, { directory })).rejects.toThrow(/2_broken[\s\S]*division by zero[\s\S]*start again/);
  const { rows } = await db.pool.query("SELECT to_regclass('half') AS half, to_regclass('feed') AS feed");
  expect(rows).toEqual([{ half: null, feed: "feed" }]);

  await writeMigration("2_broken", "CREATE TABLE half (id int);");
  expect(await migrate(url, { directory })).toEqual(["2_broken"]);
});
