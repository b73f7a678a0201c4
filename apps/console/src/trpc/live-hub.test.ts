import { expect, test } from "vitest";
import type { LiveEvent, News } from "./follow-live.ts";
import { createLiveHub } from "./live-hub.ts";

const NEWS: News = { type: "list" };
const LIVE: LiveEvent = { type: "state", live: { state: "live" } };

function setUp() {
  const open: ((event: LiveEvent) => void)[] = [];
  let opened = 0;
  const hub = createLiveHub((listener) => {
    opened += 1;
    open.push(listener);
    return () => void open.splice(open.indexOf(listener), 1);
  });
  const heard: string[] = [];
  const follower = (name: string) => ({
    onNews: () => void heard.push(`${name} news`),
    onLive: () => void heard.push(`${name} live`),
  });
  return { hub, follower, heard, tell: (event: LiveEvent) => open[0]?.(event), counts: () => [open.length, opened] };
}

test("all followers share one connection, which ends with the last of them", () => {
  const { hub, follower, heard, tell, counts } = setUp();
  const leave = [hub.join(follower("a")), hub.join(follower("b"))];
  expect(counts()).toEqual([1, 1]);
  tell({ type: "news", news: NEWS });
  expect(heard).toEqual(["a news", "b news"]);
  leave[0]?.();
  expect(counts()).toEqual([1, 1]);
  leave[1]?.();
  expect(counts()).toEqual([0, 1]);
  expect(hub.live()).toEqual({ state: "connecting" });
});

test("whoever joins a living connection reads anew at once, and all do when one comes back", () => {
  const { hub, follower, heard, tell } = setUp();
  hub.join(follower("a"));
  tell(LIVE);
  tell(LIVE);
  hub.join(follower("b"));
  expect(heard).toEqual(["a live", "b live"]);
  tell({ type: "state", live: { state: "stale", sinceMs: 1 } });
  tell(LIVE);
  expect(heard.slice(2)).toEqual(["a live", "b live"]);
});

test("who watches hears when the state or whether anybody follows becomes another", () => {
  const { hub, follower, tell } = setUp();
  const states: string[] = [];
  hub.watch(() => void states.push(`${hub.live().state} ${hub.isFollowed()}`));
  tell(LIVE);
  const leave = hub.join(follower("a"));
  leave();
  expect(states).toEqual(["live false", "live true", "live false"]);
});
