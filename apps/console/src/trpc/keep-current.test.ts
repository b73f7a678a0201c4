import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { News } from "./follow-live.ts";
import { keepCurrent } from "./keep-current.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(hear: (news: News, readAgain: () => void) => void = () => undefined) {
  const done: string[] = [];
  let isReading = false;
  const kept = keepCurrent({
    isReading: () => isReading,
    read: () => void done.push("read"),
    hear: (news, readAgain) => {
      done.push(news.type === "changed" ? `heard ${news.removed.join()}` : "heard list");
      hear(news, readAgain);
    },
  });
  const settle = () => void vi.advanceTimersByTime(1_000);
  return { kept, done, settle, reading: (is: boolean) => (isReading = is) };
}

const gone = (uid: string): News => ({ type: "changed", resources: [], removed: [uid] });

test("several reasons to read again within a moment are one read", () => {
  const { kept, done, settle } = setUp((_, readAgain) => readAgain());
  kept.onLive();
  kept.onNews(gone("a"));
  settle();
  expect(done).toEqual(["heard a", "read"]);
});

test("a read that is under way is not cut short: reading again waits until it has ended", () => {
  const { kept, done, settle, reading } = setUp();
  reading(true);
  kept.onLive();
  settle();
  expect(done).toEqual([]);
  reading(false);
  settle();
  expect(done).toEqual(["read"]);
});

test("news that come while something is read are told again after it, in their order, and once", () => {
  const { kept, done, settle, reading } = setUp();
  reading(true);
  kept.onNews(gone("a"));
  kept.onNews(gone("b"));
  settle();
  expect(done).toEqual(["heard a", "heard b"]);
  reading(false);
  settle();
  settle();
  expect(done).toEqual(["heard a", "heard b", "heard a", "heard b"]);
});

test("news that come while nothing is read are told once", () => {
  const { kept, done, settle } = setUp();
  kept.onNews(gone("a"));
  settle();
  expect(done).toEqual(["heard a"]);
});

test("more news than are kept lead to another read instead", () => {
  const { kept, done, settle, reading } = setUp();
  reading(true);
  for (let n = 0; n < 600; n += 1) kept.onNews(gone(String(n)));
  reading(false);
  done.length = 0;
  settle();
  expect(done.at(-1)).toBe("read");
  expect(done.length).toBeLessThan(110);
});

test("nothing is read after it was closed", () => {
  const { kept, done, settle } = setUp();
  kept.onLive();
  kept.close();
  settle();
  expect(done).toEqual([]);
});
