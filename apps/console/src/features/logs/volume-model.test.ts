import type { LogBar, LogVolume } from "@slipway/contracts";
import { expect, test } from "vitest";
import { BAR_PX, barAt, barOf, barWords, heightsOf, lineOfBar, timesOf, volumeWords } from "./volume-model.ts";

const START_MS = Date.UTC(2026, 0, 1, 13);
const bar = (at: number, counts: Partial<LogBar> = {}): LogBar => ({
  ...{ atMs: START_MS + at * 5_000, debug: 0, info: 0, warn: 0, error: 0, unsaid: 0, line: null },
  ...counts,
});
const volume: LogVolume = {
  ...{ stepMs: 5_000, count: 100_002, untimed: 0 },
  bars: [bar(0), bar(1, { info: 99_999, error: 2, line: "a:1" }), bar(2), bar(3, { warn: 1, line: "a:9" })],
};

test("two errors among many lines are seen, and no bar is higher than there is room", () => {
  const [empty, full, , one] = heightsOf(volume.bars);
  expect(empty).toEqual({ error: 0, warn: 0, other: 0 });
  expect(full?.error).toBeGreaterThanOrEqual(3);
  expect((full?.error ?? 0) + (full?.other ?? 0)).toBeCloseTo(BAR_PX);
  expect(one).toEqual({ error: 0, warn: 3, other: 0 });
});

test("a place or a moment is in one bar, also at the ends and outside", () => {
  expect([-0.1, 0, 0.26, 0.999, 1, 7].map((share) => barAt(share, 4))).toEqual([0, 0, 1, 3, 3, 3]);
  expect([0, START_MS, START_MS + 9_999, START_MS + 90_000].map((atMs) => barOf(atMs, volume))).toEqual([0, 0, 1, 3]);
});

test("an empty bar leads to the next lines, and after the last of them to those before", () => {
  expect([0, 1, 2, 3].map((at) => lineOfBar(volume.bars, at))).toEqual(["a:1", "a:1", "a:9", "a:9"]);
  expect(lineOfBar([...volume.bars, bar(4)], 4)).toBe("a:9");
  expect(lineOfBar([bar(0)], 0)).toBeNull();
});

test("the time of some bars holds their lines and none of the next bar, in whichever direction they were chosen", () => {
  const times = { since: "2026-01-01T13:00:05.000Z", until: "2026-01-01T13:00:14.999Z" };
  expect(timesOf(volume, 1, 2)).toEqual(times);
  expect(timesOf(volume, 2, 1)).toEqual(times);
});

test("bars are told in words: when, how many lines, how many of them are errors and warnings", () => {
  expect(barWords(volume, 1, 1, "UTC")).toBe("13:00:05 to 13:00:10: 100,001 lines, 2 errors, no warnings");
  expect(barWords(volume, 3, 2, "UTC")).toBe("13:00:10 to 13:00:20: 1 line, no errors, 1 warning");
  expect(volumeWords(volume, "UTC")).toBe(
    "100,002 lines, 2 errors, 1 warning, 2026-01-01 13:00:00 UTC to 2026-01-01 13:00:20 UTC, 5 s a bar",
  );
});
