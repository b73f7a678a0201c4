import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crashingModel } from "@slipway/onnx-file/testing/models";
import { CHECKOUT } from "@slipway/platform";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
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

test("a model that kills its model server is quarantined, and its neighbours serve again by themselves", async () => {
  const path = join(folder, "killer.onnx");
  writeFileSync(path, crashingModel());
  const token = await platform.createToken("iris", "neighbour");
  const manifest = JSON.stringify({
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { name: "killer" },
    spec: { variants: [{ model: { uri: `file://${path}` } }] },
  });
  expect((await platform.api("POST", "/apply", { manifest })).status).toBe(200);
  const state = await untilState(platform, "killer", (one) => one.status.health === "Failed", "has failed", 90_000);
  expect(state.status.reason).toBe("model/quarantined");
  await until(
    async () => {
      const outcome = await callOnce({ url: inferUrl(platform, "iris"), token, body: sampleOf("iris") });
      return outcome.kind === "answer" && outcome.status === 200;
    },
    { timeoutMs: 30_000, what: "the neighbour answers again" },
  );
  const pid = platform.pidOf("model-server-onnx-0");
  await untilState(platform, "iris", (one) => one.status.health === "Healthy", "is healthy");
  expect(platform.pidOf("model-server-onnx-0")).toBe(pid);
});
