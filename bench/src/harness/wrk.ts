import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runToEnd } from "../peers/peer.ts";

/** One run of load: how fast, how slow, and how many answers were not 2xx or never came. */
export type LoadResult = { requestsPerSecond: number; p50Ms: number; p99Ms: number; failed: number; requests: number };

export type Load = {
  url: string;
  body: string;
  headers?: Record<string, string>;
  connections: number;
  /** At most 30, so that no bench runs away. */
  seconds: number;
  threads?: number;
  /** Cores to stay on, as taskset names them. */
  cores?: string;
};

const summary = z.object({
  requests: z.number(),
  duration: z.number(),
  p50: z.number(),
  p99: z.number(),
  failed: z.number(),
});

/** Whether wrk is on this machine; it is Debian's package of that name. */
export function hasWrk(): boolean {
  return spawnSync("wrk", ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Sends POST requests to a loopback address for a bounded time and says what came back. */
export async function runWrk(load: Load): Promise<LoadResult> {
  const { hostname } = new URL(load.url);
  if (hostname !== "127.0.0.1" && hostname !== "localhost")
    throw new Error(`load goes to loopback only, not to ${hostname}`);
  const folder = mkdtempSync(join(tmpdir(), "slipway-wrk-"));
  try {
    const script = join(folder, "post.lua");
    writeFileSync(script, luaScript(load));
    const threads = String(load.threads ?? 1);
    const seconds = String(Math.min(30, load.seconds));
    const wrk = [
      "wrk",
      "-t",
      threads,
      "-c",
      String(load.connections),
      "-d",
      `${seconds}s`,
      "--timeout",
      "5s",
      "-s",
      script,
      load.url,
    ];
    const command = load.cores === undefined ? wrk : ["taskset", "-c", load.cores, ...wrk];
    const output = await runToEnd(command);
    const line = output.split("\n").find((text) => text.startsWith("RESULT "));
    if (line === undefined) throw new Error(`wrk gave no result:\n${output}`);
    const result = summary.parse(JSON.parse(line.slice("RESULT ".length)));
    return {
      requestsPerSecond: result.requests / (result.duration / 1e6),
      p50Ms: result.p50 / 1000,
      p99Ms: result.p99 / 1000,
      failed: result.failed,
      requests: result.requests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function luaScript(load: Load): string {
  const headers = Object.entries({ "content-type": "application/json", ...load.headers })
    .map(([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
    .join("\n");
  return `wrk.method = "POST"
wrk.body = ${JSON.stringify(load.body)}
${headers}
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"duration":%d,"p50":%d,"p99":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}
