import { expect, test } from "vitest";
import { cookieText, PREFERENCE_COOKIES, type Preferences, preferencesOf } from "./preferences.ts";

const NAMES = ["theme", "time", "isNavNarrow", "hasShortcuts"] as const;
const roundTrip = (preferences: Preferences) => {
  const jar = new Map(NAMES.map((name) => [PREFERENCE_COOKIES[name], cookieText(name, preferences)] as const));
  return preferencesOf((cookie) => [...jar].find(([name]) => name === cookie)?.[1]);
};

test("without cookies: the system's theme, UTC, wide navigation, shortcuts on", () => {
  expect(preferencesOf(() => undefined)).toEqual({
    theme: "system",
    time: { of: "utc", zone: "UTC" },
    isNavNarrow: false,
    hasShortcuts: true,
  });
});

test("what is chosen is read back as it was", () => {
  const chosen: Preferences = {
    theme: "dark",
    time: { of: "local", zone: "Europe/Berlin" },
    isNavNarrow: true,
    hasShortcuts: false,
  };
  expect(roundTrip(chosen)).toEqual(chosen);
  const inUtc: Preferences = { ...chosen, time: { of: "local", zone: "UTC" } };
  expect(roundTrip(inUtc)).toEqual(inUtc);
});

test("a cookie that somebody spoilt is as none", () => {
  expect(preferencesOf(() => "local Mars/Olympus").time).toEqual({ of: "utc", zone: "UTC" });
  expect(preferencesOf(() => "<script>").theme).toBe("system");
});
