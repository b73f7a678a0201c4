import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort, systemClock } from "@slipway/service-kit";

/** A program that a bench compares with, running on loopback. */
export type Peer = { name: string; url: string; pid: number; stop(): Promise<void> };

export type PeerOptions = {
  name: string;
  command: readonly string[];
  url: string;
  /** Asks by the peer's protocol whether it serves; an error counts as not yet. */
  ready: () => Promise<boolean>;
  /** Cores to stay on, as taskset names them. */
  cores?: string;
  cwd?: string;
  env?: Record<string, string>;
  cleanUp?: () => void;
};

/** Starts a peer as a process group of its own and waits until it serves, at most 60 s. */
export async function startPeer(options: PeerOptions): Promise<Peer> {
  const [program = "", ...args] =
    options.cores === undefined ? options.command : ["taskset", "-c", options.cores, ...options.command];
  const child = spawn(program, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: options.cwd,
    // biome-ignore lint/style/noProcessEnv: a peer runs in the environment of whoever runs the bench
    env: { ...process.env, ...options.env },
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const stop = async () => {
    await end(child);
    options.cleanUp?.();
  };
  const onExit = () => killGroup(child, "SIGKILL");
  process.once("exit", onExit);
  const deadline = systemClock.monotonicMs() + 60_000;
  try {
    for (;;) {
      if (await Promise.race([options.ready().catch(() => false), failed])) break;
      if (child.exitCode !== null || systemClock.monotonicMs() > deadline) {
        throw new Error(`${options.name} did not become ready:\n${output}`);
      }
      await systemClock.sleep(50);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: options.name,
    url: options.url,
    pid: child.pid ?? 0,
    async stop() {
      process.off("exit", onExit);
      await stop();
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  killGroup(child, "SIGTERM");
  const force = systemClock.after(5_000, () => killGroup(child, "SIGKILL"));
  await exited;
  force();
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Ports of loopback that were free a moment ago. */
export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => freePort()));
}

/** Runs a program to its end and gives what it printed; rejects with its output when it fails. */
export function runToEnd([program = "", ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}: ${output.slice(-2_000)}`)),
    );
  });
}
