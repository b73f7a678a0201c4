import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { chooseMemory } from "./choose-memory.ts";

const MEBIBYTE = 2 ** 20;

function deployed(resources: object): ResourceView {
  const at = "2026-01-01T00:00:00.000Z";
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      ...{ name: "a", group: "default", labels: {}, annotations: {}, uid: "01981b2f-7f2e-7c3a-8f64-0d9a4f0f2b11" },
      ...{ generation: 1, version: 1, owner: null, createdAt: at, updatedAt: at, deletedAt: null },
    },
    spec: { variants: [{ model: { uri: "file:///a.onnx" } }], resources },
    status: PENDING_STATUS,
  };
}

test("a large model is given twice its size, and it is said why; a small one needs no word", () => {
  expect(chooseMemory(286 * MEBIBYTE, { given: undefined, existing: null })).toEqual({
    memory: "572Mi",
    why: "Memory 572Mi for a replica: twice the 286 MiB that it loads. --memory sets another.",
  });
  expect(chooseMemory(MEBIBYTE, { given: undefined, existing: null })).toEqual({ memory: null, why: null });
  expect(chooseMemory(286 * MEBIBYTE, { given: undefined, existing: deployed({}) }).memory).toBe("572Mi");
});

test("what a person says, and what a deployment has, stays; too little for the file is told", () => {
  expect(chooseMemory(286 * MEBIBYTE, { given: "1Gi", existing: deployed({ memory: "2Gi" }) })).toEqual({
    memory: "1Gi",
    why: null,
  });
  const kept = chooseMemory(286 * MEBIBYTE, { given: undefined, existing: deployed({ memory: "200Mi" }) });
  expect(kept).toEqual({ memory: null, why: expect.stringContaining("less than the 286 MiB") });
});
