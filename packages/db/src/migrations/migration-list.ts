import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationList } from "./schema-engine.ts";

/** Where the product's migrations lie: beside the packages, not inside one, because Prisma's tools want them there. */
export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL("../../../../prisma/migrations", import.meta.url));

/** All migrations of a folder in their order; each is a folder with a `migration.sql`. */
export async function readMigrations(directory: string = MIGRATIONS_DIRECTORY): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (path) => {
      const content = await readFile(join(directory, path, "migration.sql"), "utf8");
      return { path, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: content } } };
    }),
  );
  const lockfile = await readFile(join(directory, "migration_lock.toml"), "utf8").catch(() => null);
  return {
    baseDir: directory,
    lockfile: { path: "migration_lock.toml", content: lockfile },
    shadowDbInitScript: "",
    migrationDirectories,
  };
}
