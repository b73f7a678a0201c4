import { expect, test } from "vitest";
import { addToast, dropToast, lifetimeMs, newestUndo, TOASTS_MAX, type Toast } from "./toast-queue.ts";

const toast = (id: number, canUndo = false): Toast => ({
  id,
  words: `${id}`,
  tone: "done",
  undo: canUndo ? { run: () => Promise.resolve() } : null,
});
const ids = (toasts: readonly Toast[]) => toasts.map(({ id }) => id);

test("no more than three stand at once, and one that can be taken back outlives one that cannot", () => {
  const plain = [1, 2, 3, 4].map((id) => toast(id)).reduce(addToast, []);
  expect(ids(plain)).toEqual([2, 3, 4]);
  expect(plain).toHaveLength(TOASTS_MAX);
  expect(ids(addToast([toast(1, true), toast(2), toast(3, true)], toast(4)))).toEqual([1, 3, 4]);
  expect(ids(addToast([toast(1, true), toast(2, true), toast(3, true)], toast(4)))).toEqual([2, 3, 4]);
});

test("the newest that can be taken back is found, or none", () => {
  expect(newestUndo([toast(1, true), toast(2, true), toast(3)])?.id).toBe(2);
  expect(newestUndo([toast(1)])).toBeNull();
  expect(ids(dropToast([toast(1), toast(2)], 1))).toEqual([2]);
});

test("what can be taken back stays for eight seconds at least", () => {
  expect(lifetimeMs(toast(1, true))).toBeGreaterThanOrEqual(8_000);
  expect(lifetimeMs(toast(1))).toBeLessThan(lifetimeMs({ undo: null, tone: "failed" }));
});
