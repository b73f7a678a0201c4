import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registryPath } from "@slipway/contracts";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { startTestPlatform, startTestS3, type TestPlatform, type TestS3, until } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { inferUrl } from "./examples.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-registry-s3-"));
const MODEL = join(folder, "times-2.onnx");
const PREFIX = "team/models";
let s3: TestS3;
let platform: TestPlatform;

beforeAll(async () => {
  writeFileSync(MODEL, scalingModel(2));
  s3 = await startTestS3();
  const env = { ...s3.env(), SLIPWAY_REGISTRY_S3_PREFIX: PREFIX, SLIPWAY_MODEL_ROOTS: "/nowhere" };
  platform = await startTestPlatform({ env });
});
afterAll(async () => {
  await platform?.stop();
  await s3?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function slipway(...args: string[]): Promise<string> {
  const result = await platform.cli(...args);
  if (result.code !== 0) throw new Error(`slipway ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

async function ask(token: string): Promise<unknown> {
  const response = await fetch(inferUrl(platform, "times"), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 10] }] }),
  });
  return Object(await response.json()).outputs?.[0]?.data;
}

test("a model in a bucket is loaded by an agent that knows neither the bucket nor the registry's folder", async () => {
  await slipway("model", "push", MODEL, "--name", "times", "--alias", "live");
  const { sha256 } = z
    .object({ sha256: z.string() })
    .parse(JSON.parse(await slipway("model", "show", "times", "1", "-o", "json")));
  expect(await s3.objects()).toEqual([`${PREFIX}/${registryPath(sha256)}`]);
  expect(existsSync(join(platform.dataDir, "registry", registryPath(sha256)))).toBe(false);
  await slipway("apply", "--model", "times@live");
  await slipway("wait", "deployment", "times", "--for", "live", "--timeout", "60s");
  expect(await ask(await platform.createToken("times", "caller"))).toEqual([2, 20]);
  const agents = platform.processes().filter(({ name }) => /^(agent|model-server|gateway|scheduler)/.test(name));
  expect(agents.length).toBeGreaterThan(2);
  for (const { name, pid } of agents) {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    expect(environment, name).not.toMatch(/SLIPWAY_REGISTRY_(S3|DIR)/);
  }
});

test("an upload that is cut leaves no object, no pending part and no file", async () => {
  const { apiUrl, token } = z
    .object({ apiUrl: z.string(), token: z.string() })
    .parse(JSON.parse(readFileSync(join(platform.dataDir, "credentials.json"), "utf8")));
  const before = await s3.objects();
  const sending = request(`${apiUrl}/api/v1/registry/models/cut/versions`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-length": 1_000_000 },
  });
  sending.on("error", () => undefined);
  const incoming = join(platform.dataDir, "registry", "incoming");
  sending.write(Buffer.alloc(500_000));
  await until(async () => (await readdir(incoming)).length > 0, { timeoutMs: 30_000, what: "it comes in" });
  sending.destroy();
  await until(async () => (await readdir(incoming)).length === 0, { timeoutMs: 30_000, what: "it is gone" });
  expect(await s3.objects()).toEqual(before);
  expect(await s3.pendingUploads()).toEqual([]);
  expect((await platform.api("GET", "/registry/models/cut")).status).toBe(404);
});

test("once nothing uses the model, it goes with its object", async () => {
  await slipway("delete", "deployment", "times", "--yes");
  await until(async () => (await platform.cli("model", "delete", "times", "--yes")).code === 0, {
    timeoutMs: 60_000,
    everyMs: 500,
    what: "the model is free",
  });
  expect(await s3.objects()).toEqual([]);
});
