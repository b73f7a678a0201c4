import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crashingModel } from "@slipway/onnx-file/testing/models";
import { CHECKOUT } from "@slipway/platform";
import { startTestPlatform, type TestPlatform } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callOnce } from "./caller.ts";
import { inferUrl, modelFile, sampleOf, untilState } from "./examples.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-quarantine-"));
let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ env: { SLIPWAY_MODEL_ROOTS: `${folder}:${join(CHECKOUT, "examples")}` } });
  await platform.deploy("iris", modelFile("iris"));
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a model that crashes the runtime when it is loaded has failed with its cause, and no call of its neighbours fails meanwhile", async () => {
  const path = join(folder, "killer.onnx");
  writeFileSync(path, crashingModel());
  const token = await platform.createToken("iris", "neighbour");
  const pid = platform.pidOf("model-server-onnx-0");
  const manifest = JSON.stringify({
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { name: "killer" },
    spec: { variants: [{ model: { uri: `file://${path}` } }] },
  });
  expect((await platform.api("POST", "/apply", { manifest })).status).toBe(200);
  let isOver = false;
  const failed = untilState(platform, "killer", (one) => one.status.health === "Failed", "has failed", 90_000);
  void failed.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const outcome = await callOnce({ url: inferUrl(platform, "iris"), token, body: sampleOf("iris") });
    expect(outcome).toMatchObject({ kind: "answer", status: 200 });
  }
  expect((await failed).status.reason).toBe("model/crashed");
  await untilState(platform, "iris", (one) => one.status.health === "Healthy", "is healthy");
  expect(platform.pidOf("model-server-onnx-0")).toBe(pid);
});
