import { expect, test } from "vitest";
import { RoutedWaiters } from "./routed-waiters.ts";

const place = (seq: string) => ({ xid: "7", seq });
const never = new AbortController().signal;

/** A waiter for change 2, and what became of it. */
function waiting() {
  const table = { applied: 0n };
  const waiters = new RoutedWaiters((version) => table.applied >= version);
  const state = { outcome: "waits" };
  waiters.wait(place("2"), never).then(
    () => {
      state.outcome = "routed";
    },
    (error: Error) => {
      state.outcome = error.message;
    },
  );
  const outcome = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return state.outcome;
  };
  return { waiters, table, outcome };
}

test("a waiter ends only after the table that holds its change is applied", async () => {
  const { waiters, table, outcome } = waiting();
  table.applied = 4n;
  waiters.reached(place("1"));
  waiters.check(4n, true);
  expect(await outcome()).toBe("waits");
  waiters.reached(place("2"));
  waiters.check(4n, false);
  expect(await outcome()).toBe("waits");
  waiters.check(5n, true);
  expect(await outcome()).toBe("waits");
  table.applied = 5n;
  waiters.check(6n, true);
  expect(await outcome()).toBe("routed");
});

test("a waiter whose leader's term ends is told so", async () => {
  const { waiters, outcome } = waiting();
  waiters.failAll(new Error("the term is over"));
  expect(await outcome()).toBe("the term is over");
});
