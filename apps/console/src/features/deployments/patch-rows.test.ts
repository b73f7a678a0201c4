import { type DeploymentRow, PENDING_STATUS, type ResourceStatus, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { figure, modelWord, ownerWord, percent, withView } from "./list-row.ts";
import { patchRows } from "./patch-rows.ts";

function row(name: string, change: Partial<DeploymentRow> = {}): DeploymentRow {
  return {
    uid: `uid-${name}`,
    group: "default",
    name,
    title: "",
    version: 1,
    lifecycle: "Live",
    health: "Healthy",
    traffic: "Serving",
    message: "",
    attention: [],
    replicas: { ready: 1, starting: 0, wanted: 1 },
    type: "Regular",
    environment: "development",
    visibility: "private",
    model: { uri: "file:///models/iris%20v2/model.onnx", registered: null, version: null },
    labels: {},
    createdBy: "user:ada",
    updatedAt: "2026-01-01T00:00:00.000Z",
    rate: { requestsPerSecond: 4, p95Ms: 2, serverErrorRate: 0, at: "2026-01-01T00:00:00.000Z" },
    ...change,
  };
}

function view(name: string, version: number, status: Partial<ResourceStatus> = {}): ResourceView {
  return {
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name,
      group: "default",
      labels: { team: "growth" },
      annotations: {},
      uid: `uid-${name}`,
      generation: 1,
      version,
      owner: null,
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-02T00:00:00.000Z",
      deletedAt: null,
    },
    spec: { environment: "production", variants: [{ model: { uri: "s3://new/model" } }] },
    status: { ...PENDING_STATUS, lifecycle: "Live", health: "Healthy", traffic: "Serving", ...status },
  };
}

const shown = { group: "default", dependsOnState: false };
const news = (resources: ResourceView[], removed: string[] = []) => ({ type: "changed" as const, resources, removed });
const parts = [
  { items: [row("a"), row("b")], next: "more" },
  { items: [row("c")], next: null },
];

test("a changed line is exchanged in its place, a removed one goes, and what the feed does not tell stays", () => {
  const patched = patchRows(parts, news([view("c", 2)], ["uid-a"]), shown);
  expect(patched.parts.map(({ items }) => items.map(({ name, version }) => `${name} ${version}`))).toEqual([
    ["b 1"],
    ["c 2"],
  ]);
  expect(patched.parts[1]?.items[0]).toMatchObject({
    environment: "production",
    labels: { team: "growth" },
    createdBy: "user:ada",
    rate: { requestsPerSecond: 4 },
  });
  expect(patched.isIncomplete).toBe(false);
});

test("older news changes nothing, and a line that is not held is asked for", () => {
  const held = [{ items: [row("a", { version: 5 })], next: null }];
  expect(patchRows(held, news([view("a", 4)]), shown).parts[0]?.items[0]?.version).toBe(5);
  expect(patchRows(held, news([view("new", 1)]), shown).isIncomplete).toBe(true);
  expect(patchRows(held, news([view("new", 1)]), { ...shown, group: "other" }).isIncomplete).toBe(false);
  expect(patchRows(held, { type: "list" }, shown)).toEqual({ parts: held, isIncomplete: true });
});

test("a model of the registry is read again when its deployment changes, for an alias may stand for another version", () => {
  const model = { uri: "", registered: "churn", version: "3" };
  const held = [{ items: [row("a", { model })], next: null }];
  const changed = view("a", 2);
  changed.spec = { variants: [{ model: { registered: { name: "churn", alias: "best" } } }] };
  const patched = patchRows(held, news([changed]), shown);
  expect(patched).toMatchObject({ isIncomplete: true, parts: [{ items: [{ model }] }] });
});

test("where filters or the order look at the state, a change of a held line may move it", () => {
  expect(patchRows(parts, news([view("a", 2)]), { ...shown, dependsOnState: true }).isIncomplete).toBe(true);
});

test("what needs attention follows the state; a token's end and being stuck stay as they were read", () => {
  const held = row("a", { lifecycle: "Deploying", attention: ["stuck", "tokenExpires"] });
  expect(withView(held, view("a", 2, { lifecycle: "Deploying" })).attention).toEqual(["stuck", "tokenExpires"]);
  expect(withView(held, view("a", 2, { health: "Failed", traffic: "None" })).attention).toEqual([
    "failed",
    "noTraffic",
    "tokenExpires",
  ]);
  const leaving = view("a", 2, { health: "Failed" });
  leaving.metadata.deletedAt = "2026-01-03T00:00:00.000Z";
  expect(withView(held, leaving)).toMatchObject({ lifecycle: "Deleting", attention: [] });
});

test("a model is shown by what tells it apart, and figures so that nothing is hidden", () => {
  expect(modelWord(row("a"))).toBe("iris v2/model.onnx");
  expect(modelWord(row("a", { model: { uri: "file:/100%/m", registered: null, version: null } }))).toBe("100%/m");
  expect(modelWord(row("a", { model: { uri: "", registered: "iris", version: "3" } }))).toBe("iris@3");
  expect([0, 0.004, 5.678, 42.25, 1_234.5, null].map((value) => figure(value))).toEqual([
    "0",
    "<0.01",
    "5.68",
    "42.3",
    "1235",
    "–",
  ]);
  expect([0, 0.0001, 0.25, null].map(percent)).toEqual(["0 %", "<0.1 %", "25.0 %", "–"]);
  expect([ownerWord("user:ada"), ownerWord("local-admin"), ownerWord("")]).toEqual(["ada", "local-admin", "–"]);
});
