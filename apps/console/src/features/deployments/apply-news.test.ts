import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { applyNews } from "./apply-news.ts";

function view(name: string, change: { group?: string; version?: number; title?: string } = {}): ResourceView {
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name,
      group: change.group ?? "default",
      title: change.title ?? "",
      labels: {},
      annotations: {},
      uid: `uid-${name}`,
      generation: 1,
      version: change.version ?? 1,
      owner: null,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
      deletedAt: null,
    },
    spec: {},
    status: PENDING_STATUS,
  };
}

const parts = [
  { items: [view("a"), view("b")], next: "more" },
  { items: [view("c")], next: null },
];
const all = { group: "default", search: "" };
const changed = (resources: ResourceView[], removed: string[] = []) => ({
  type: "changed" as const,
  resources,
  removed,
});

test("a changed line is exchanged in its place and a removed one goes, on whichever page they are", () => {
  const patched = applyNews(parts, changed([view("c", { version: 2 })], ["uid-a"]), all);
  expect(patched.parts.map(({ items }) => items.map(({ metadata }) => [metadata.name, metadata.version]))).toEqual([
    [["b", 1]],
    [["c", 2]],
  ]);
  expect(patched.isIncomplete).toBe(false);
});

test("news that is older than what was read changes nothing", () => {
  const held = [{ items: [view("a", { version: 5 })], next: null }];
  const patched = applyNews(held, changed([view("a", { version: 4 })]), all);
  expect(patched.parts[0]?.items[0]?.metadata.version).toBe(5);
});

test("a line that is not held is asked for only if it belongs to what is shown", () => {
  const news = (resource: ResourceView, shown = all) => applyNews(parts, changed([resource]), shown).isIncomplete;
  expect(news(view("new"))).toBe(true);
  expect(news(view("new", { group: "other" }))).toBe(false);
  expect(news(view("new", { group: "other" }), { group: "*", search: "" })).toBe(true);
  expect(news(view("new"), { group: "default", search: "fraud" })).toBe(false);
  expect(news(view("new", { title: "Fraud" }), { group: "default", search: "fraud" })).toBe(true);
});

test("being told to list again means that anything may have been missed", () => {
  expect(applyNews(parts, { type: "list" }, all)).toEqual({ parts, isIncomplete: true });
});
