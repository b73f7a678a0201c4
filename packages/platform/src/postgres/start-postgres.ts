import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  type Clock,
  freePort,
  identify,
  isPortFree,
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "@slipway/service-kit";
import pg from "pg";
import { clusterVersion, findPostgresBinaries, type PostgresBinaries } from "./binaries.ts";
import { endLeftovers } from "./leftovers.ts";
import { type Account, CannotLeaveRootError, chooseRunAs, type RunAs } from "./run-as.ts";

const run = promisify(execFile);

export type PostgresOptions = {
  /** Folder that keeps the cluster; made when it is missing. */
  folder: string;
  /** Closed folders of ours on the way to it, which root may open for passing when nothing else lets the server through. */
  ownFolders?: readonly string[];
  /** 0 = any free port. */
  port: number;
  /** Password of the account `slipway`, the only one there is. Set when the cluster is made. */
  password: string;
  /** File that the server's output is appended to. */
  logFile: string;
  /** False only where a crash of the machine may lose data: in tests. */
  durable: boolean;
  /** PATH to look for the system's server in. */
  pathVariable: string;
  clock: Clock;
  signal: AbortSignal;
  /** Settings on top of the small ones that a laptop gets. */
  settings?: Readonly<Record<string, string>>;
  /** Only servers from here; for tests. */
  source?: PostgresBinaries["source"];
};

export type Postgres = {
  port: number;
  major: number;
  source: PostgresBinaries["source"];
  identity: ProcessIdentity;
  /** Connection string of a database of this server; it holds the password. */
  url(database: string): string;
  /** Resolves when the server's process is gone, for whatever reason. */
  exited: Promise<void>;
  /** Ends sessions and stops; by force after a few seconds. */
  stop(): Promise<void>;
  /** As if the process had crashed; for tests. */
  kill9(): void;
};

const ACCOUNT = "slipway";
/** How often another free port is tried where any will do. */
const PORT_TRIES = 5;

/** Small on purpose: the platform shares a laptop with everything else. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "32MB",
  max_wal_size: "256MB",
  max_parallel_workers: "2",
  wal_level: "minimal",
  max_wal_senders: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/** The data of one version never meets the server of another. */
async function chooseBinaries(options: PostgresOptions, dataDirectory: string): Promise<PostgresBinaries> {
  const all = await findPostgresBinaries(options.pathVariable);
  const usable = options.source === undefined ? all : all.filter(({ source }) => source === options.source);
  const written = clusterVersion(dataDirectory);
  const chosen = written === null ? usable[0] : usable.find(({ major }) => major === written);
  if (chosen !== undefined) return chosen;
  const have = usable.map(({ major, source }) => `${major} (${source})`).join(", ") || "none";
  throw new Error(
    written === null
      ? `There is no PostgreSQL 15 or newer on this machine, and npm brought none for ${process.platform}-${process.arch}. Install PostgreSQL, or set DATABASE_URL.`
      : `The data directory was written by PostgreSQL ${written}; this machine has: ${have}. Install PostgreSQL ${written}, or start with a new data directory.`,
  );
}

/** Who made the cluster: it never changes hands, a server refuses files that are not its own. */
function ownerOf(dataDirectory: string): Account {
  const { uid, gid } = statSync(dataDirectory);
  return { name: `number ${uid}`, uid, gid };
}

function giveTo(runAs: RunAs, path: string): void {
  if (runAs.user !== null) chownSync(path, runAs.user.uid, runAs.user.gid);
}

/** Opens our own folders for passing, and nothing more, where no capability can be had (some containers). */
async function chooseAccount(options: PostgresOptions, paths: string[], owner: Account | null): Promise<RunAs> {
  try {
    return await chooseRunAs(paths, owner);
  } catch (error) {
    if (!(error instanceof CannotLeaveRootError) || options.ownFolders === undefined) throw error;
    for (const path of options.ownFolders) chmodSync(path, 0o711);
    return chooseRunAs(paths, owner);
  }
}

/** Makes the cluster beside its place and moves it there when it is whole, so that an interrupted start leaves no half. */
async function initialise(
  options: PostgresOptions,
  binaries: PostgresBinaries,
  runAs: RunAs,
  dataDirectory: string,
): Promise<void> {
  const building = `${dataDirectory}.new`;
  const passwordFile = join(options.folder, "password.tmp");
  rmSync(building, { recursive: true, force: true });
  rmSync(dataDirectory, { recursive: true, force: true });
  mkdirSync(building, { mode: 0o700 });
  giveTo(runAs, building);
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  giveTo(runAs, passwordFile);
  try {
    const words = [
      "-D",
      building,
      "-U",
      ACCOUNT,
      "-A",
      "scram-sha-256",
      `--pwfile=${passwordFile}`,
      "-E",
      "UTF8",
      "--locale=C",
    ];
    if (!options.durable) words.push("--no-sync");
    const [program = "", ...rest] = [...runAs.prefix, binaries.initdb, ...words];
    await run(program, rest, { env: environment(options), timeout: 60_000, signal: options.signal, cwd: "/" });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(building, dataDirectory);
}

/** Nothing of ours reaches the server; NODE_ENV stands there because the types of a web framework ask every environment for it. */
function environment(options: PostgresOptions): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: options.pathVariable, LC_ALL: "C", TZ: "UTC" };
}

function launch(
  options: PostgresOptions,
  binaries: PostgresBinaries,
  runAs: RunAs,
  dataDirectory: string,
  port: number,
): ChildProcess {
  const settings = {
    ...SETTINGS,
    ...(options.durable ? {} : { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
    ...options.settings,
  };
  const words = [
    "-D",
    dataDirectory,
    "-p",
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const [program = "", ...rest] = [...runAs.prefix, binaries.postgres, ...words];
  const log = openLogOrNone(options.logFile);
  const output = log ?? "ignore";
  try {
    // Its own group: a Ctrl-C at the terminal must not stop it before those who use it.
    const stdio = ["ignore", output, output] as const;
    return spawn(program, rest, { detached: true, stdio: [...stdio], env: environment(options), cwd: "/" });
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** A server whose log cannot be opened (the disk is full) runs without one. */
function openLogOrNone(logFile: string): number | null {
  try {
    return openSync(logFile, "a", 0o600);
  } catch {
    return null;
  }
}

/** Ready means that a session can be opened, not that a port is open. */
async function awaitReady(options: PostgresOptions, url: string, hasExited: () => boolean): Promise<void> {
  const deadlineMs = options.clock.monotonicMs() + 60_000; // recovery after a crash may replay much
  for (;;) {
    if (hasExited()) throw new Error(`PostgreSQL ended while starting; its last words are in ${options.logFile}`);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === "28P01") {
        throw new Error("PostgreSQL refuses the password in the data directory's secrets folder", { cause: error });
      }
      if (options.clock.monotonicMs() > deadlineMs)
        throw new Error("PostgreSQL did not become ready in 60 s", { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
    await options.clock.sleep(25, options.signal);
  }
}

/** Ends a server: at once for its sessions, by force when it lingers. */
async function end(identity: ProcessIdentity, exited: Promise<void>, clock: Clock): Promise<void> {
  for (const [signal, graceMs] of [
    ["SIGINT", 4_000],
    ["SIGQUIT", 2_000],
    ["SIGKILL", 5_000],
  ] as const) {
    signalProcess(identity, signal, { group: false });
    const patience = new AbortController();
    const late = clock.sleep(graceMs, patience.signal).then(
      () => "late" as const,
      () => "early" as const,
    );
    const first = await Promise.race([exited.then(() => "exited" as const), late]);
    patience.abort();
    if (first === "exited" || !isRunning(identity)) return;
  }
}

/**
 * Starts a PostgreSQL server of our own on loopback: makes the cluster on first use, ends what an earlier server left behind,
 * recovers after a crash, and resolves when sessions can be opened. As root it runs under another account.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
  const folder = realpathSync(options.folder);
  const dataDirectory = join(folder, "data");
  const binaries = await chooseBinaries(options, dataDirectory);
  if (process.getuid?.() === 0) chmodSync(folder, 0o711); // the account must pass; what lies in it stays closed
  const isNew = clusterVersion(dataDirectory) === null;
  const runAs = await chooseAccount(options, [folder, binaries.postgres], isNew ? null : ownerOf(dataDirectory));
  if (isNew) await initialise({ ...options, folder }, binaries, runAs, dataDirectory);
  else await endLeftovers(dataDirectory, options.clock, options.signal);
  // A process number that another program has by now would make the server refuse; nothing holds the cluster any more.
  rmSync(join(dataDirectory, "postmaster.pid"), { force: true });

  for (let tries = 1; ; tries += 1) {
    const port = options.port === 0 ? await freePort() : options.port;
    try {
      return await serve(options, binaries, runAs, dataDirectory, port);
    } catch (error) {
      // Another program took the port first.
      const isAgain = options.port === 0 && tries < PORT_TRIES && !options.signal.aborted && !(await isPortFree(port));
      if (!isAgain) throw error;
    }
  }
}

/** Runs the server on one port. @throws when it does not come to answer there; it is gone then */
async function serve(
  options: PostgresOptions,
  binaries: PostgresBinaries,
  runAs: RunAs,
  dataDirectory: string,
  port: number,
): Promise<Postgres> {
  const child = launch(options, binaries, runAs, dataDirectory, port);
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    const done = () => {
      gone = true;
      resolve();
    };
    child.once("exit", done);
    child.once("error", done);
  });
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity === null)
    throw new Error(`PostgreSQL could not be started from ${binaries.postgres}; see ${options.logFile}`);
  const url = (database: string) =>
    `postgresql://${ACCOUNT}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`;
  try {
    await awaitReady(options, url("postgres"), () => gone);
  } catch (error) {
    await end(identity, exited, options.clock);
    throw error;
  }
  return {
    port,
    major: binaries.major,
    source: binaries.source,
    identity,
    url,
    exited,
    stop: () => end(identity, exited, options.clock),
    kill9: () => void signalProcess(identity, "SIGKILL", { group: false }),
  };
}
