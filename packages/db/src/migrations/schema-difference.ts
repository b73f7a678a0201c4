import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import { openSchemaEngine } from "./schema-engine.ts";

const SCHEMA_DIRECTORY = fileURLToPath(new URL("../../../../prisma/schema", import.meta.url));

/** The SQL that would bring a database to what prisma/schema declares: what a new migration has to hold. Empty when nothing. */
export async function schemaDifference(databaseUrl: string): Promise<string> {
  const names = (await readdir(SCHEMA_DIRECTORY)).filter((name) => name.endsWith(".prisma"));
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(SCHEMA_DIRECTORY, name),
      content: await readFile(join(SCHEMA_DIRECTORY, name), "utf8"),
    })),
  );
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  const engine = await openSchemaEngine(
    pool,
    files.map(({ path, content }) => [path, content]),
  );
  try {
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: SCHEMA_DIRECTORY },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const script = stdout ?? "";
    return /^\s*-- This is an empty migration/.test(script) ? "" : script.trim();
  } finally {
    engine.free();
    await pool.end();
  }
}
