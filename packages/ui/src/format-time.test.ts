import { expect, test } from "vitest";
import { exactTime, isTimeZone, relativeTime, timeOfDay, timeParts, UTC } from "./format-time.ts";

const NOON = "2026-03-01T12:00:00.000Z";

test("a moment is said in the zone that a person chose, with that zone's name", () => {
  expect(exactTime(NOON, UTC)).toBe("2026-03-01 12:00:00 UTC");
  expect(exactTime(NOON, "Europe/Berlin")).toBe("2026-03-01 13:00:00 GMT+1");
  expect(exactTime("2026-07-01T12:00:00Z", "Europe/Berlin")).toBe("2026-07-01 14:00:00 GMT+2");
  expect(exactTime(NOON, "Asia/Kolkata")).toBe("2026-03-01 17:30:00 GMT+5:30");
});

test("midnight is 00, and a zone may be on another day", () => {
  expect(timeParts("2026-03-01T00:00:00Z", UTC)).toEqual({ date: "2026-03-01", time: "00:00:00", zone: "UTC" });
  expect(timeParts("2026-03-01T00:00:00Z", "America/New_York")).toMatchObject({ date: "2026-02-28", time: "19:00:00" });
  expect(timeOfDay(Date.parse(NOON), UTC)).toBe("12:00");
});

test("only names of zones are zones", () => {
  expect(["UTC", "Europe/Berlin", "Mars/Olympus", ""].map(isTimeZone)).toEqual([true, true, false, false]);
});

test("how long ago is said in the largest unit that fits, and just now is now", () => {
  const now = Date.parse(NOON);
  const ago = (ms: number) => relativeTime(new Date(now - ms).toISOString(), now);
  expect([0, 9_999, 10_000, 60_000, 3_599_999, 7_200_000, 86_400_000].map(ago)).toEqual([
    ...["now", "now", "10 s ago", "1 min ago", "59 min ago", "2 h ago", "1 d ago"],
  ]);
  expect(ago(-5_000)).toBe("now");
});
