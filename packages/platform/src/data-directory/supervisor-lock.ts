import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type Clock, identify, isRunning, type ProcessIdentity, processIdentity } from "@slipway/service-kit";
import { PlatformError } from "../platform-error.ts";

export type SupervisorLock = {
  /** The supervisor before this one when it did not end properly; null after a clean stop. */
  crashed: ProcessIdentity | null;
  release(): void;
};

function readHolder(path: string): ProcessIdentity | null {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

function refuse(path: string, holder: ProcessIdentity): never {
  throw new PlatformError(
    `A platform runs on this data directory already: process ${holder.pid} (${path}).`,
    `stop that one first (kill ${holder.pid}), or start beside it with SLIPWAY_DATA_DIR=another-folder.`,
  );
}

/** How long whoever takes over a dead lock waits for another one that does the same; the last one to write has it. */
const SETTLE_MS = 150;

/**
 * Makes this process the one supervisor of a data directory. The lock of a supervisor that is provably gone is taken over.
 * @throws PlatformError naming the pid when another one runs
 */
export async function takeSupervisorLock(path: string, clock: Clock): Promise<SupervisorLock> {
  const me = identify();
  if (me === null) throw new Error("the operating system does not tell when a process started");
  const mine = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(mine, `${JSON.stringify(me)}\n`, { mode: 0o600 });
  const release = () => {
    if (readHolder(path)?.startTime === me.startTime) rmSync(path, { force: true });
  };
  try {
    linkSync(mine, path); // atomic, and the file is whole when it appears
    return { crashed: null, release };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const holder = readHolder(path);
    if (holder !== null && isRunning(holder)) refuse(path, holder);
    renameSync(mine, path);
    await clock.sleep(SETTLE_MS);
    const now = readHolder(path);
    if (now !== null && (now.pid !== me.pid || now.startTime !== me.startTime)) refuse(path, now);
    return { crashed: holder, release };
  } finally {
    rmSync(mine, { force: true });
  }
}
