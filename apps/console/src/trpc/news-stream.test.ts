import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hearStream } from "./news-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CONNECTED = JSON.stringify({ reconnectAfterInactivityMs: 1_000 });

function setUp() {
  const heard: string[] = [];
  const source = Object.assign(new EventTarget(), { readyState: 1, close: () => void heard.push("closed") });
  const say = (type: string, data = "{}") => source.dispatchEvent(new MessageEvent(type, { data }));
  const stop = hearStream<number>(source, {
    onConnected: () => heard.push("connected"),
    onMessage: (message) => heard.push(`message ${message}`),
    onBreak: () => heard.push("break"),
    onLost: (error) => heard.push(`lost ${error.data?.httpStatus ?? "without words"}`),
  });
  return { heard, source, say, stop };
}

test("tells that it is connected, each message, and that a break is being mended", () => {
  const { heard, source, say } = setUp();
  say("connected", CONNECTED);
  say("message", "7");
  source.dispatchEvent(new Event("error"));
  say("connected", CONNECTED);
  expect(heard).toEqual(["connected", "message 7", "break", "connected"]);
});

test("is lost after as much silence as the server named; a sign of life begins it anew", () => {
  const { heard, say } = setUp();
  say("connected", CONNECTED);
  vi.advanceTimersByTime(900);
  say("ping");
  vi.advanceTimersByTime(900);
  expect(heard).toEqual(["connected"]);
  vi.advanceTimersByTime(100);
  expect(heard).toEqual(["connected", "closed", "lost without words"]);
});

test("is lost when the server refuses, fails or ends it, with the API's own words where it has some", () => {
  const refused = setUp();
  refused.source.readyState = 2;
  refused.source.dispatchEvent(new Event("error"));
  const ended = setUp();
  ended.say("return");
  for (const { heard } of [refused, ended]) expect(heard).toEqual(["closed", "lost without words"]);
  const failed = setUp();
  failed.say("serialized-error", JSON.stringify({ message: "Sign in.", data: { httpStatus: 401 } }));
  expect(failed.heard).toEqual(["closed", "lost 401"]);
});

test("is not lost when it is stopped", () => {
  const { heard, say, stop } = setUp();
  say("connected", CONNECTED);
  stop();
  vi.advanceTimersByTime(2_000);
  expect(heard).toEqual(["connected", "closed"]);
});
