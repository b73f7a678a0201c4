import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** When a process started, so that its number alone is not trusted; empty where the system cannot tell. @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** @param {string} holder */
function lives(holder) {
  const [pid, start] = holder.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return start === "" || startOf(Number(pid)) === start;
}

/** @param {string} path */
function holderOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/**
 * Does something while no other process does it; waits for its turn. The lock of a process that died is taken over.
 * @template T @param {string} path @param {() => Promise<T>} work @param {(pid: string) => void} onWait called once when it has to wait
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const me = `${process.pid} ${startOf(process.pid)}`;
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, me);
  try {
    for (let waited = false; ; ) {
      try {
        linkSync(mine, path); // made whole or not at all, so a reader never sees a lock without its holder
        break;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const holder = holderOf(path);
      if (holder === null) continue;
      if (!lives(holder)) {
        rmSync(path, { force: true });
        continue;
      }
      if (!waited) onWait(holder.split(" ")[0] ?? "");
      waited = true;
      await delay(200);
    }
    return await work();
  } finally {
    if (holderOf(path) === me) rmSync(path, { force: true });
    rmSync(mine, { force: true });
  }
}
