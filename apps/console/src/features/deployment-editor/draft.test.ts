import { expect, test } from "vitest";
import { type Draft, draftKey, readDraft, writeDraft } from "./draft.ts";

const DRAFT: Draft = {
  value: { metadata: { name: "iris" }, spec: { deep: [1, { a: null }] } },
  source: "# mine\n",
  base: { metadata: {} },
  seen: { uid: "u-1", version: 3 },
  savedAtMs: 5,
  isInterrupted: false,
};

test("a draft comes back as it was kept", () => {
  expect(readDraft(writeDraft(DRAFT))).toEqual(DRAFT);
  expect(readDraft(writeDraft({ ...DRAFT, seen: null }))).toEqual({ ...DRAFT, seen: null });
  expect(readDraft(writeDraft({ ...DRAFT, isInterrupted: true }))?.isInterrupted).toBe(true);
});

test("whatever is no draft of this version is none", () => {
  const other = writeDraft(DRAFT).replace('"version":1}', '"version":2}');
  for (const text of [
    null,
    "",
    "{",
    "[]",
    "{}",
    other,
    '{"version":1,"value":{},"base":{},"source":"","savedAtMs":1}',
  ]) {
    expect(readDraft(text)).toBeNull();
  }
});

test("each deployment has a draft of its own, and so has the new one of each group", () => {
  expect(new Set([draftKey(null, "a"), draftKey(null, "b"), draftKey({ uid: "u", version: 1 }, "a")]).size).toBe(3);
});
