import { PENDING_STATUS, type ResourceView } from "@slipway/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { curlLine } from "./curl-line.ts";
import { type DeploymentRow, deploymentRow } from "./deployment-row.ts";
import { describeChanges } from "./describe-changes.ts";
import { holdRows } from "./hold-rows.ts";

const view: ResourceView = {
  apiVersion: "slipway.dev/v1",
  kind: "Deployment",
  metadata: {
    name: "iris",
    group: "default",
    title: "Iris classifier",
    labels: {},
    annotations: {},
    uid: "1",
    generation: 1,
    version: 1,
    owner: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    deletedAt: null,
  },
  spec: {
    variants: [{ name: "main", model: { uri: "file:///models/iris%20v2/model.onnx" } }],
    access: { visibility: "public" },
  },
  status: { ...PENDING_STATUS, lifecycle: "Live", health: "Healthy", traffic: "Serving" },
};
const row = deploymentRow(view);
const named = (uid: string, change: Partial<DeploymentRow> = {}): DeploymentRow => ({
  ...row,
  uid,
  name: uid,
  ...change,
});

test("a line shows the model by its last two parts and whether anybody may call it", () => {
  expect(row).toMatchObject({ name: "iris", title: "Iris classifier", model: "iris v2/model.onnx", isPublic: true });
});

test("a spec that is not as expected leaves blanks and breaks nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
      expect(deploymentRow({ ...view, spec }).name).toBe("iris");
    }),
  );
});

test("a deployment on its way out says so whatever its status still says", () => {
  const leaving = { ...view, metadata: { ...view.metadata, deletedAt: "2026-01-02T00:00:00.000Z" } };
  expect(deploymentRow(leaving).lifecycle).toBe("Deleting");
});

test("while lines are held none moves, each shows its newest content, and the rest is counted", () => {
  const held = holdRows([named("a"), named("b")], [named("b", { health: "Failed" }), named("c"), named("d")]);
  expect(held.rows.map(({ uid, health }) => [uid, health])).toEqual([
    ["a", "Healthy"],
    ["b", "Failed"],
  ]);
  expect(held.waiting).toBe(3);
  expect(holdRows(null, [named("c")])).toEqual({ rows: [named("c")], waiting: 0 });
  expect(holdRows([named("a"), named("b")], [named("b"), named("a")]).waiting).toBe(2);
});

test("only what matters is announced, and a crowd of changes in one sentence", () => {
  const before = [named("a"), named("b")];
  expect(describeChanges(before, [named("a", { updatedAt: "2026-02-01T00:00:00.000Z" }), named("b")])).toBe("");
  expect(describeChanges(before, [named("a", { health: "Failed" }), named("c")])).toBe(
    "a is Live, Failed, traffic Serving, 0 of 0 replicas ready. c was added. b is gone.",
  );
  const many = ["v", "w", "x", "y"].map((uid) => named(uid));
  expect(describeChanges([], many)).toBe("4 deployments changed.");
});

test("a copied call survives the shell whatever the sample holds, and asks for a token only where one is needed", () => {
  const parts = { gatewayUrl: "http://127.0.0.1:7080/", group: "default", name: "iris", sample: `{"a":"it's"}` };
  const open = curlLine({ ...parts, isPublic: true });
  expect(open).toContain("curl http://127.0.0.1:7080/serve/default/iris/v2/models/iris/infer");
  expect(open).toContain(`'{"a":"it'\\''s"}'`);
  expect(open).not.toContain("TOKEN");
  expect(curlLine({ ...parts, isPublic: false })).toContain("token create iris my-client");
});
