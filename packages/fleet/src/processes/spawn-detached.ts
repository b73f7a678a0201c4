import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { identify, monitored, type ProcessIdentity } from "@slipway/service-kit";
import { openLog, writeLine } from "../logs/open-log.ts";
import { runStartedLine } from "../logs/run-marks.ts";

export type SpawnDetached = {
  /** The program's main file, run by the Node that runs this process. */
  entry: string;
  /** What Node itself is told before the program's file. */
  nodeArguments?: readonly string[];
  /** The whole environment of the process; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Takes standard output and standard error. A file, not a pipe: the process outlives whoever started it. */
  logFile: string;
};

/** How a process ended; a null code means by a signal. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Spawned = { identity: ProcessIdentity; exited: Promise<Exit> };

/**
 * Starts a process in a group of its own that lives on when this one ends.
 * @throws when it cannot be started or ends before it can be told from a later one
 */
export async function spawnDetached(options: SpawnDetached): Promise<Spawned> {
  const log = openOrNone(options.logFile);
  const output = log ?? "ignore";
  try {
    if (log !== null) writeLine(log, runStartedLine(Date.now()));
    const child = spawn(process.execPath, [...(options.nodeArguments ?? []), options.entry], {
      detached: true,
      cwd: "/",
      env: { NODE_ENV: "production", ...options.env },
      stdio: ["ignore", output, output],
    });
    const exited = new Promise<Exit>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (identity === null) throw new Error(`${options.entry} ended as soon as it was started`);
    return { identity, exited };
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** A process whose log cannot be opened runs without one: it is there to work, not to tell of it. */
function openOrNone(logFile: string): number | null {
  try {
    return openLog(logFile);
  } catch {
    monitored.lostLogLines += 1;
    return null;
  }
}

/** Where programs, libraries and the user's home are, language, certificates, GPUs, and Node's own cache. */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "LD_LIBRARY_PATH",
  "CUDA_VISIBLE_DEVICES",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "NODE_ENV",
  "NODE_COMPILE_CACHE",
];

/** What a child may see of this process's environment; no secret is among it. */
export function inheritedEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const key of INHERITED) {
    const value = env[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
