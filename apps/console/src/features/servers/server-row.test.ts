import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { serverRow, usedPercent } from "./server-row.ts";
import { groupsOf } from "./servers-part.ts";

const view = (spec: Record<string, unknown>, more: Partial<ResourceView["metadata"]> = {}): ResourceView => ({
  apiVersion: "slipway.dev/v1",
  kind: "Server",
  metadata: {
    ...{
      name: "onnx",
      group: "platform",
      labels: {},
      annotations: {},
      uid: "u",
      generation: 1,
      version: 4,
      owner: null,
    },
    ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z", deletedAt: null, ...more },
  },
  spec,
  status: PENDING_STATUS,
});

test("a server shows what is asked for at once, before the scheduler has seen it", () => {
  const row = serverRow(view({ runtime: "onnx", replicas: 3 }));
  expect(row).toMatchObject({ version: 4, wanted: 3, replicas: { ready: 0, starting: 0, wanted: 3 }, memory: null });
  expect(row.capabilities).toEqual(["onnx"]);
  expect(serverRow(view({ runtime: "onnx", capabilities: ["onnx", "gpu"] })).capabilities).toEqual(["onnx", "gpu"]);
  expect(serverRow(view({}, { deletedAt: "2026-01-01T00:00:00Z" })).lifecycle).toBe("Deleting");
});

test("the use of memory is said in percent also where there is none or too little", () => {
  expect(usedPercent({ capacityBytes: 200, usedBytes: 50 })).toBe(25);
  expect(usedPercent({ capacityBytes: 0, usedBytes: 0 })).toBe(0);
  expect(usedPercent({ capacityBytes: 100, usedBytes: 150 })).toBe(150);
});

test("the platform's servers are shown with the group's own, and every group's when all are asked for", () => {
  expect(groupsOf("growth")).toEqual(["platform", "growth"]);
  expect(groupsOf("platform")).toEqual(["platform"]);
  expect(groupsOf("*")).toEqual(["*"]);
});
