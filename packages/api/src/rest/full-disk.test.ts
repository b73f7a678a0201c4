import { doublingModel } from "@slipway/onnx-file/testing/models";
import type { DiskRoom } from "@slipway/service-kit";
import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import { ADMIN_TOKEN, serveApi } from "../testing/serve-api.ts";

const manifest = (title: string) => `
apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: iris, title: ${title} }
spec: { variants: [{ model: { uri: "file:/models/iris.onnx" } }] }
`;

test("while the disk is nearly full, uploads and new revisions are refused by name, and all else goes on", async () => {
  let freeBytes = 10_000;
  const disk: DiskRoom = {
    shortage: async (neededBytes = 0) => (freeBytes - neededBytes >= 1_000 ? null : { freeBytes, reserveBytes: 1_000 }),
  };
  const { db } = await testDatabase();
  const { base, call } = await serveApi({ db, disk });
  const upload = async () => {
    const response = await fetch(`${base}/api/v1/registry/models/iris/versions`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      body: new Uint8Array(doublingModel()),
    });
    return { status: response.status, body: await response.json() };
  };
  const apply = (title: string) => call("POST", "/api/v1/apply", { manifest: manifest(title), message: "because" });
  expect(await apply("First")).toMatchObject({ status: 200 });

  freeBytes = 999;
  const refused = { status: 507, body: { code: "platform/disk_full" } };
  expect(await apply("Second")).toMatchObject(refused);
  expect(await upload()).toMatchObject(refused);
  expect(await call("POST", "/api/v1/deployments/iris/stop", { message: "x" })).toMatchObject(refused);
  expect(await call("GET", "/api/v1/deployments/iris")).toMatchObject({ status: 200 });
  expect(await call("POST", "/api/v1/preflight", { manifest: manifest("Second") })).toMatchObject({ status: 200 });

  freeBytes = 10_000;
  expect(await upload()).toMatchObject({ status: 200 });
  expect(await apply("Second")).toMatchObject({ status: 200 });
  freeBytes = 999;
  expect(await call("DELETE", "/api/v1/deployments/iris")).toMatchObject({ status: 200 });
});
