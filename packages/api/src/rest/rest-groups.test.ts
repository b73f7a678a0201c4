import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import { deployment, serveApi } from "../testing/serve-api.ts";

test("the groups that have something are read over REST", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  expect(await call("GET", "/api/v1/groups")).toMatchObject({
    status: 200,
    body: { items: [{ name: "default", deployments: 1, models: 0, servers: 0 }] },
  });
});
