import type { LogLine, LogPage } from "@slipway/contracts";
import { expect, test } from "vitest";
import { addNewer, addOlder, beginWindow, MAX_LINES } from "./log-window.ts";

const line = (n: number): LogLine => ({
  ...{ id: `a:${n}`, source: "a", replica: "a-0", atMs: n, run: null, level: null, requestId: null },
  ...{ text: `line ${n}`, isContinued: false },
});

/** Lines from one number to before another, whose cursors are these numbers. */
function page(from: number, to: number, isEnd = false): LogPage {
  const lines = Array.from({ length: to - from }, (_, n) => line(from + n));
  return { lines, older: from === 0 ? null : String(from), newer: String(to), isEnd, replicas: [], runs: [] };
}

const PAGE = 2_000;

test("lines that come after and before stand in their order, and cursors are those of the ends", () => {
  const window = addNewer(addOlder(beginWindow(page(20, 30, true)), page(10, 20)), page(30, 31, true));
  expect(window.lines.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 21 }, (_, n) => n + 10));
  expect([window.older, window.newer, window.isEnd]).toEqual(["10", "31", true]);
});

test("a window never holds too much: scrolling up lets the newest go, and they can be read again without a gap", () => {
  const end = MAX_LINES + 3 * PAGE;
  let window = beginWindow(page(end - PAGE, end, true));
  while (window.older !== null) {
    const from = Number(window.older);
    window = addOlder(window, page(from - PAGE, from));
    expect(window.lines.length).toBeLessThanOrEqual(MAX_LINES);
  }
  expect([window.lines[0]?.atMs, window.isEnd]).toEqual([0, false]);
  expect(window.newer).toBe(String((window.lines.at(-1)?.atMs ?? 0) + 1));
  const next = addNewer(window, page(Number(window.newer), Number(window.newer) + PAGE));
  expect(next.lines.length).toBeLessThanOrEqual(MAX_LINES);
  expect(next.older).toBe(String(next.lines[0]?.atMs));
});

test("lines that trickle in are kept together, so that following for long makes no long list of pages", () => {
  let window = beginWindow(page(0, 1, true));
  for (let n = 1; n < 1_000; n += 1) window = addNewer(window, page(n, n + 1, true));
  expect(window.lines).toHaveLength(1_000);
  expect(window.parts.length).toBeLessThan(5);
});
