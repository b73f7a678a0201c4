import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { LogQuery, LogSearch } from "@slipway/contracts";
import { LogDesk } from "@slipway/fleet/logs/log-desk";
import { systemClock } from "@slipway/service-kit";
import { percentile } from "../pages/percentile.ts";

export type LogSearchFigures = {
  lines: number;
  megabytes: number;
  /** The first question, which indexes every line. */
  firstMs: number;
  /** Median of the later ones, by what is looked for; `cpuMs` is what one took of the cores, which a busy machine does not stretch. */
  searches: { what: string; found: number; medianMs: number; worstMs: number; cpuMs: number }[];
  /** Median of going on to the next match of the text that is in every line. */
  nextMs: number;
  /** Median of counting all lines over time. */
  volumeMs: number;
  pageMs: number;
  /** `grep -c` on the same file: what the bytes cost a program that does nothing else. */
  grepMs: number;
};

const LINES = 200_000;
const TURNS = 15;
const RARE = "quota exceeded";
const never = new AbortController().signal;

/** Times searches through one replica's log as the leader does them, its thread and messages included. */
export async function measureLogSearch(lines = LINES): Promise<LogSearchFigures> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-logs-"));
  const desk = new LogDesk(systemClock);
  try {
    const path = join(folder, "model-server-onnx-0.log");
    const bytes = writeLines(path, lines);
    const source = { id: "model-server-onnx-0", path, process: "model-server", replica: "onnx-0" } as const;
    const ask = (query: LogQuery) =>
      desk.ask({ sources: [{ ...source, isHere: true, isShared: true }], modelUids: [UID], query }, never);
    const page: LogQuery = { want: "page", filter: {}, place: { at: "newest" }, limit: 500 };
    const [firstMs] = await timed(() => ask(page));
    const searches: LogSearchFigures["searches"] = [];
    for (const [what, search] of SEARCHES) {
      const query: LogQuery = { want: "match", filter: {}, search, from: null, direction: "older" };
      const times: number[] = [];
      const before = process.cpuUsage();
      let found = 0;
      for (let turn = 0; turn < TURNS; turn += 1) {
        await ask(FORGET);
        const [ms, answer] = await timed(() => ask(query));
        times.push(ms);
        found = answer.is === "match" ? answer.match.count : 0;
      }
      const { user, system } = process.cpuUsage(before);
      times.sort((left, right) => left - right);
      searches.push({
        what,
        found,
        medianMs: times[TURNS >> 1] ?? 0,
        worstMs: times.at(-1) ?? 0,
        cpuMs: (user + system) / 1_000 / TURNS,
      });
    }
    const search = { text: EVERY, isPattern: false, isCaseSensitive: false };
    const first: LogQuery = { want: "match", filter: {}, search, from: null, direction: "older" };
    const found = await ask(first);
    const line = found.is === "match" ? found.match.line : null;
    const nextMs = await median(() => ask({ ...first, from: line }));
    const volumeMs = await median(() => ask({ want: "volume", filter: {}, bars: 60 }));
    const [pageMs] = await timed(() => ask(page));
    const [grepMs] = await timed(async () => execFileSync("grep", ["-c", RARE, path]));
    return { lines, megabytes: bytes / 1e6, firstMs, searches, nextMs, volumeMs, pageMs, grepMs };
  } finally {
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const UID = "01990000-0000-7000-8000-000000000001";
const OTHER = "01990000-0000-7000-8000-000000000002";
const EVERY = "request";
/** Looks for something nowhere, so that nothing of the search before is left to go on from. */
const FORGET: LogQuery = {
  ...{ want: "match", filter: { replicas: ["none"] }, from: null, direction: "older" },
  search: { text: "none", isPattern: false, isCaseSensitive: false },
};
const SEARCHES: readonly (readonly [string, LogSearch])[] = [
  ["text, 1 in 20,000 lines", { text: RARE, isPattern: false, isCaseSensitive: false }],
  ["the same, case matched", { text: RARE, isPattern: false, isCaseSensitive: true }],
  ["text, in every line", { text: EVERY, isPattern: false, isCaseSensitive: false }],
  ["text, in none", { text: "no such words", isPattern: false, isCaseSensitive: false }],
  ["pattern", { text: "took 1[0-9]+ ms|quota", isPattern: true, isCaseSensitive: false }],
];

/** Half of the lines are another tenant's. Answers how many bytes they take. */
function writeLines(path: string, lines: number): number {
  let bytes = 0;
  for (let from = 0; from < lines; from += 10_000) {
    const text = Array.from({ length: Math.min(10_000, lines - from) }, (_, n) => lineOf(from + n)).join("");
    bytes += text.length;
    appendFileSync(path, text);
  }
  return bytes;
}

function lineOf(n: number): string {
  const time = new Date(Date.UTC(2026, 0, 1) + n).toISOString();
  const base = { level: "info", time, pid: 1, hostname: "host", name: "model-server-onnx-0" };
  const model = n % 2 === 0 ? UID : OTHER;
  const msg = n % 10_000 === 5_000 ? `${RARE} at ${n}` : `request ${n} took ${n % 37} ms`;
  return `${JSON.stringify({ ...base, model, version: "1f2e", requestId: `req_${n}`, msg })}\n`;
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) times.push((await timed(work))[0]);
  return percentile(times, 0.5);
}

async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

if (import.meta.main) {
  const { lines, megabytes, firstMs, searches, nextMs, volumeMs, pageMs, grepMs } = await measureLogSearch();
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(
    `Log of ${lines.toLocaleString("en-GB")} lines, ${megabytes.toFixed(0)} MB; half of them another tenant's`,
  );
  console.log(`first question, which indexes them   ${ms(firstMs)}`);
  for (const { what, found, medianMs, worstMs, cpuMs } of searches) {
    console.log(
      `${what.padEnd(36)} ${ms(medianMs)} (worst ${ms(worstMs)} of ${TURNS}, CPU ${ms(cpuMs)}), found in ${found}`,
    );
  }
  console.log(`next match of the text in every line  ${ms(nextMs)}`);
  console.log(`lines over time, by severity         ${ms(volumeMs)}`);
  console.log(`page of the newest 500               ${ms(pageMs)}`);
  console.log(`grep -c, the bytes alone             ${ms(grepMs)}`);
}
