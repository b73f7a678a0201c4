import type { ServerReplicasView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { heatOf, type ServerRow } from "./server-row.ts";
import type { ServerOrder } from "./servers-address.ts";
import { sortServers } from "./sort-servers.ts";

const row = (name: string, wanted: number, memory: ServerRow["memory"]): ServerRow => ({
  ...{ uid: name, version: 1, name, group: "default", title: "", capabilities: [], message: "", wanted, memory },
  ...{ lifecycle: "Live", health: "Healthy", traffic: "Serving", replicas: { ready: 1, starting: 0, wanted } },
});
const memory = (usedBytes: number, capacityBytes = 100) => ({ usedBytes, capacityBytes });
const ROWS = [row("c", 2, memory(10)), row("a", 2, null), row("b", 9, memory(30, 200)), row("d", 1, memory(120))];
const NOBODY: ReadonlyMap<string, ServerReplicasView> = new Map();

test("servers stand by what is asked for, equal ones by name, and what is not known comes last either way", () => {
  const names = (by: ServerOrder["by"], isDown: boolean) =>
    sortServers(ROWS, { by, isDown }, NOBODY)
      .map(({ name }) => name)
      .join("");
  expect([names("name", false), names("name", true)]).toEqual(["abcd", "dcba"]);
  expect([names("memory", true), names("memory", false)]).toEqual(["dbca", "cbda"]);
  expect([names("replicas", true), names("replicas", false)]).toEqual(["bacd", "dacb"]);
  expect(names("models", true)).toBe("abcd");
});

test("a memory is called by how much of it is promised, and overcommitted only beyond all of it", () => {
  expect([0, 59, 60, 89, 90, 100, 101].map((used) => heatOf(memory(used)))).toEqual([
    ...["roomy", "roomy", "filling", "filling", "full", "full", "overcommitted"],
  ]);
});
