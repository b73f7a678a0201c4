import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";

test("time stands still until it is moved, and what falls due is called in its order, also what is added on the way", async () => {
  const clock = fakeClock(1_000);
  const calls: string[] = [];
  clock.after(20, () => calls.push(`second at ${clock.monotonicMs()}`));
  clock.after(10, () => {
    calls.push(`first at ${clock.monotonicMs()}`);
    clock.after(5, () => calls.push(`added at ${clock.monotonicMs()}`));
  });
  clock.after(10, () => calls.push("cancelled"))();
  await clock.advance(9);
  expect(calls).toEqual([]);
  await clock.advance(11);
  expect(calls).toEqual(["first at 10", "added at 15", "second at 20"]);
  expect([clock.now(), clock.monotonicMs(), clock.pending()]).toEqual([1_020, 20, 0]);
});

test("a sleep ends when its time has come, or with the signal's reason", async () => {
  const clock = fakeClock();
  const woken = clock.sleep(5).then(() => "woken");
  const stopping = new AbortController();
  const stopped = clock.sleep(5, stopping.signal).catch((error: unknown) => error);
  stopping.abort("stopped");
  await clock.advance(5);
  expect(await Promise.all([woken, stopped])).toEqual(["woken", "stopped"]);
  expect(clock.pending()).toBe(0);
});
