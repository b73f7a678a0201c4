import { type AuditView, PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import { DEMO_MESSAGE } from "@slipway/contracts/demo";
import { expect, test } from "vitest";
import { demoTrace, isWelcomeDue, pickDemo, WELCOME_SEEN } from "./first-page.ts";

const view = (name: string, labels: Record<string, string>, deletedAt: string | null = null): ResourceView => ({
  apiVersion: "slipway.dev/v1",
  kind: "Deployment",
  metadata: {
    ...{ name, group: "default", uid: name, labels, annotations: {}, generation: 1, version: 1, owner: null },
    ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z", deletedAt },
  },
  spec: {},
  status: PENDING_STATUS,
});
const DEMO = { demo: "true" };

test("the first page comes until it is put aside or something of one's own is deployed", () => {
  expect(isWelcomeDue(undefined, [])).toBe(true);
  expect(isWelcomeDue(undefined, [view("iris", DEMO), view("digits", DEMO)])).toBe(true);
  expect(isWelcomeDue(undefined, [view("iris", DEMO), view("churn", {})])).toBe(false);
  expect(isWelcomeDue(WELCOME_SEEN, [])).toBe(false);
});

test("of several demos iris is shown, and none that is being deleted", () => {
  expect(pickDemo([view("digits", DEMO), view("iris", DEMO)])?.metadata.name).toBe("iris");
  expect(pickDemo([view("digits", DEMO), view("iris", DEMO, "2026-01-01T00:00:00Z")])?.metadata.name).toBe("digits");
  expect(pickDemo([])).toBeNull();
});

test("a demo that was deleted is told from one that never came, also where somebody else had its name", () => {
  const entry = (message: string): AuditView => ({
    ...{ id: "a", at: "2026-01-01T00:00:00Z", actor: "local-admin", action: "deployment.apply", group: "default" },
    ...{ kind: "Deployment", name: "iris", uid: "u", requestId: "r", message, diff: [] },
  });
  expect(demoTrace([entry(""), entry(DEMO_MESSAGE)])).toBe("deleted");
  expect(demoTrace([entry("mine")])).toBe("never");
  expect(demoTrace([])).toBe("never");
  expect(demoTrace(null)).toBe("unknown");
});
