import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LevelSetReplica } from "@slipway/rpc";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AssignmentStore } from "./assignment-store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-assignment-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a restarted agent refuses an epoch older than its former life obeyed", () => {
  new AssignmentStore(folder).keepEpoch(7n);
  const next = new LevelSetReplica(new AssignmentStore(folder).epoch);
  expect(next.observeEpoch(6n)).toBe(false);
  expect(next.observeEpoch(7n)).toBe(true);
});

test("a disk that takes no file keeps no agent from obeying", () => {
  writeFileSync(join(folder, "state"), "");
  const store = new AssignmentStore(join(folder, "state"));
  store.keepEpoch(7n);
  store.keepModels(new Map());
  expect([store.epoch, store.models]).toEqual([7n, new Map()]);
});
