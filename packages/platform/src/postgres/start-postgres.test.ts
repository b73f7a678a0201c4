import { execFile, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isRunning, systemClock } from "@slipway/service-kit";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findPostgresBinaries } from "./binaries.ts";
import { serverProcesses } from "./leftovers.ts";
import { chooseRunAs } from "./run-as.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "./start-postgres.ts";

// biome-ignore lint/style/noProcessEnv: tests read PATH to find the system's server
const pathVariable = process.env.PATH ?? "";
const isRoot = process.getuid?.() === 0;
const sources = (await findPostgresBinaries(pathVariable)).map(({ source }) => source);

let root: string;
const running: Postgres[] = [];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "slipway-pg-test-")));
  chmodSync(root, 0o755);
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  rmSync(root, { recursive: true, force: true });
});

async function start(more: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({
    folder: join(root, "postgres"),
    port: 0,
    password: "a'secret with spaces",
    logFile: join(root, "postgres.log"),
    durable: false,
    pathVariable,
    clock: systemClock,
    signal: AbortSignal.timeout(60_000),
    ...more,
  });
  running.push(postgres);
  return postgres;
}

async function query(postgres: Postgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url("postgres") });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.each(["system", "npm"] as const)("the server from %s", (source) => {
  test.skipIf(!sources.includes(source))("starts, keeps data over a stop, and leaves no process", async () => {
    const first = await start({ source });
    await query(first, "create table kept as select 42 as answer");
    await first.stop();
    expect(isRunning(first.identity)).toBe(false);
    const second = await start({ source });
    expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
    expect(second.major).toBe(first.major);
    await second.stop();
    expect(serverProcesses(join(root, "postgres", "data"))).toEqual([]);
  });
});

test("lets nobody in without the password, and listens on loopback only", async () => {
  const postgres = await start();
  const stranger = new pg.Client({ connectionString: postgres.url("postgres").replace(/:[^:@/]+@/, ":wrong@") });
  await expect(stranger.connect()).rejects.toThrow(/password/);
  expect(await query(postgres, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(await query(postgres, "show unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
});

test("recovers every committed row after kill -9, with its old backends out of the way", async () => {
  const first = await start({ durable: true });
  await query(first, "create table kept as select generate_series(1, 1000) as n");
  const open = new pg.Client({ connectionString: first.url("postgres") });
  open.on("error", () => undefined);
  await open.connect();
  first.kill9();
  await first.exited;
  const second = await start({ durable: true });
  expect(await query(second, "select count(*)::int as n from kept")).toEqual([{ n: 1000 }]);
  await open.end().catch(() => undefined);
});

test("takes over from a server that a killed supervisor left running, without losing a row", async () => {
  const orphan = await start();
  await query(orphan, "create table kept as select 7 as n");
  const next = await start(); // the first one was never stopped
  expect(isRunning(orphan.identity)).toBe(false);
  expect(await query(next, "select n from kept")).toEqual([{ n: 7 }]);
});

test("an interrupted initialisation is made again from the start", async () => {
  mkdirSync(join(root, "postgres", "data.new", "base"), { recursive: true });
  const postgres = await start();
  expect(await query(postgres, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("data of another version is refused by naming both, and is not touched", async () => {
  const postgres = await start();
  await postgres.stop();
  const versionFile = join(root, "postgres", "data", "PG_VERSION");
  writeFileSync(versionFile, "14\n");
  await expect(start()).rejects.toThrow(/written by PostgreSQL 14; this machine has/);
  expect(readFileSync(versionFile, "utf8")).toBe("14\n");
});

describe.skipIf(!isRoot)("as root", () => {
  test("runs under another account", async () => {
    const postgres = await start();
    expect(statSync(`/proc/${postgres.identity.pid}`).uid).not.toBe(0);
  });

  test("works in a home that is closed to all others", async () => {
    const home = join(root, "home");
    mkdirSync(home, { mode: 0o700 });
    const postgres = await start({ folder: join(home, "data", "postgres") });
    expect(await query(postgres, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test("the account reaches a program in a closed home as the program itself asks for it, and gets no more than that", async () => {
    const home = join(root, "home");
    mkdirSync(home, { mode: 0o700 });
    const program = join(home, "tool");
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    const { user, prefix } = await chooseRunAs([program], null);
    expect(user?.uid).not.toBe(0);
    const [setpriv = "", ...words] = [
      ...prefix,
      "sh",
      "-c",
      'test -x "$1" && grep CapEff /proc/self/status',
      "sh",
      program,
    ];
    const { stdout } = await promisify(execFile)(setpriv, words);
    const capabilities = BigInt(`0x${stdout.trim().split(/\s+/)[1] ?? ""}`);
    expect([2n, 4n]).toContain(capabilities); // exactly one: DAC_OVERRIDE or DAC_READ_SEARCH
  });

  test("no capability is given where every folder is open", async () => {
    expect((await chooseRunAs([root], null)).prefix.join(" ")).not.toMatch(/caps/);
  });
});

/** setpriv starts the program with root's rights and drops them then, so a file has to be read to know. */
const canReadAsNobody =
  isRoot &&
  spawnSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "cat", import.meta.filename]).status === 0;

test("works for a user who is not root", async ({ skip }) => {
  skip(isRoot && !canReadAsNobody, "the checkout lies in a folder that is closed to other users");
  const home = join(root, "user");
  mkdirSync(home, { mode: 0o700 });
  if (!isRoot) {
    const postgres = await start({ folder: home });
    expect(await query(postgres, "select 1 as one")).toEqual([{ one: 1 }]);
    return;
  }
  chownSync(home, 65_534, 65_534);
  const program = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "start-postgres.ts"))};
    import { systemClock } from "@slipway/service-kit";
    const postgres = await startPostgres({ folder: process.argv[1], port: 0, password: "p", logFile: process.argv[1] + "/log",
      durable: false, pathVariable: process.env.PATH, clock: systemClock, signal: AbortSignal.timeout(60000) });
    console.log("uid", process.getuid(), "major", postgres.major);
    await postgres.stop();
  `;
  const { stdout } = await promisify(execFile)(
    "setpriv",
    ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, "--input-type=module", "-e", program, home],
    { cwd: import.meta.dirname, timeout: 60_000 },
  );
  expect(stdout).toMatch(/^uid 65534 major \d+$/m);
});
