import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import { deployment, serveApi } from "../testing/serve-api.ts";

test("metrics of a deployment that had no traffic yet are points of nothing with its creation marked", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const { status, body } = await call("GET", "/api/v1/deployments/iris/metrics?from=-15m");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    stepSeconds: 10,
    markers: [{ kind: "deploy", generation: 1 }],
    summary: { requests: 0, requestsPerSecond: 0, success: null, p95Ms: null },
  });
  expect((await call("GET", "/api/v1/deployment-rates?group=*")).body).toEqual({ items: [] });
});

test("a range or a uid that is none is refused by the name of its field, and an unknown deployment is not found", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  for (const [path, status, field] of [
    ["deployments/iris/metrics?from=yesterday", 400, "from"],
    ["deployments/iris/metrics?from=-1h&to=-2h", 400, "from"],
    ["deployments/iris/metrics?step=1", 400, "step"],
    ["deployments/nobody/metrics", 404, undefined],
    ["deployment-rates?uids=iris", 400, "uids"],
  ] as const) {
    const answer = await call("GET", `/api/v1/${path}`);
    expect([path, answer.status]).toEqual([path, status]);
    if (field !== undefined) expect(answer.body).toMatchObject({ field });
  }
});
