import { readdirSync, readFileSync } from "node:fs";
import { systemClock } from "@slipway/service-kit";
import { startTestPlatform } from "@slipway/testkit";
import { proportionalSetSize, withDescendants } from "./harness/memory.ts";
import { report } from "./harness/report.ts";

/** PSS of every process of a platform with its demo models, after a minute in which nobody asked anything. */
const IDLE_MS = 60_000;

const platform = await startTestPlatform({ demo: true, consoleUi: true });
try {
  process.stdout.write(`the platform is ready; idle for ${IDLE_MS / 1000} s\n`);
  await systemClock.sleep(IDLE_MS);
  const parents = parentsOfAll();
  const named = platform.processes();
  const own = new Set(named.map(({ pid }) => pid));
  const metrics: Record<string, number> = {};
  let total = 0;
  for (const { name, pid } of named) {
    // What another named process started is counted under its own name.
    const tree = withDescendants(pid, new Map([...parents].filter(([child]) => child === pid || !own.has(child))));
    const bytes = tree.reduce((sum, member) => sum + (proportionalSetSize(member) ?? 0), 0);
    metrics[`${name.replaceAll("-", "_")}_mb`] = bytes / 1e6;
    total += bytes;
  }
  report("footprint", { ...metrics, platform_mb: total / 1e6 }, [{ metric: "platform_mb", atMost: 900 }]);
} finally {
  await platform.stop();
}

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended while the folder was read.
    }
  }
  return parents;
}
