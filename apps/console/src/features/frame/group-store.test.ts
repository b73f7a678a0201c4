import type { GroupView } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGroupStore } from "./group-store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const GROUPS: GroupView[] = [{ name: "default", deployments: 2, models: 0, servers: 0 }];

test("reads once for all who follow, and tells them", async () => {
  const read = vi.fn(async () => GROUPS);
  const store = createGroupStore(read, () => "try again");
  const changed = [vi.fn(), vi.fn()];
  for (const each of changed) store.follow(each);
  expect(store.get()).toEqual([]);
  await vi.runAllTimersAsync();
  expect(store.get()).toBe(GROUPS);
  for (const each of changed) expect(each).toHaveBeenCalledTimes(1);
  store.follow(() => undefined);
  expect(read).toHaveBeenCalledTimes(1);
  store.readAgain();
  await vi.runAllTimersAsync();
  expect(read).toHaveBeenCalledTimes(2);
});

test("a read that failed is tried again, ever more seldom, until it succeeds or nobody follows", async () => {
  const read = vi.fn(async () => Promise.reject<GroupView[]>(new Error("no answer")));
  const store = createGroupStore(read, () => "try again");
  const leave = store.follow(() => undefined);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(read).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(read).toHaveBeenCalledTimes(3);
  leave();
  await vi.runAllTimersAsync();
  expect(read).toHaveBeenCalledTimes(3);
  read.mockResolvedValue(GROUPS);
  store.follow(() => undefined);
  await vi.runAllTimersAsync();
  expect(store.get()).toBe(GROUPS);
});

test("a read that there is no use in is not tried again", async () => {
  const read = vi.fn(async () => Promise.reject<GroupView[]>(new Error("signed out")));
  createGroupStore(read, () => "give up").follow(() => undefined);
  await vi.runAllTimersAsync();
  expect(read).toHaveBeenCalledTimes(1);
});
