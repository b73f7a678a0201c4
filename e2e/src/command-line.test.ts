import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "@slipway/platform";
import { type CliResult, startTestPlatform, type TestPlatform } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { goldenCases, inferUrl, modelFile } from "./examples.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-own-model-"));
let platform: TestPlatform;

beforeAll(async () => {
  // The folder of the own model is none of those that replicas may read.
  platform = await startTestPlatform({ env: { SLIPWAY_MODEL_ROOTS: join(CHECKOUT, "examples") } });
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that must succeed; a failure shows all that it printed. */
async function slipway(...args: string[]): Promise<string> {
  const result = await platform.cli(...args);
  if (result.code !== 0)
    throw new Error(`slipway ${args.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

const answer = z.object({
  model_name: z.string(),
  outputs: z.array(z.object({ name: z.string(), data: z.array(z.union([z.number(), z.string()])) })),
});
/** Compares with what Python's onnxruntime answered to the first golden request of iris. */
function expectGolden(given: unknown): void {
  const { outputs } = answer.parse(given);
  const [first] = goldenCases("iris");
  for (const { name, data } of first?.outputs ?? []) {
    const got = outputs.find((one) => one.name === name)?.data ?? [];
    expect(got.length).toBe(data.length);
    for (const [index, value] of data.entries()) expect(got[index]).toBeCloseTo(Number(value), 5);
  }
}
const firstRequest = () => JSON.stringify(goldenCases("iris")[0]?.request);

describe("a model of one's own, by the command line alone", () => {
  test("apply MODEL.onnx from any folder, wait, infer without a body: a real answer with the right numbers", async () => {
    cpSync(modelFile("iris"), join(folder, "my-model.onnx"));
    expect(await slipway("apply", join(folder, "my-model.onnx"))).toContain("my-model");
    await slipway("wait", "deployment", "my-model", "--for", "live", "--timeout", "60s");
    const out = JSON.parse(await slipway("infer", "my-model", "-d", firstRequest()));
    expect(answer.parse(out).model_name).toBe("my-model");
    expectGolden(out);
    expect(answer.parse(JSON.parse(await slipway("infer", "my-model"))).outputs.length).toBeGreaterThan(0);
  });

  test("a token made here calls the printed address from anywhere, and a revoked one is told so", async () => {
    const created = z
      .object({ client: z.string(), token: z.string() })
      .parse(JSON.parse(await slipway("token", "create", "my-model", "notebook", "-o", "json")));
    expect(created.client).toBe("notebook");
    const call = () =>
      fetch(inferUrl(platform, "my-model"), {
        method: "POST",
        headers: { authorization: `Bearer ${created.token}`, "content-type": "application/json" },
        body: firstRequest(),
      });
    const response = await call();
    expect(response.status).toBe(200);
    expectGolden(await response.json());
    expect(await slipway("token", "list", "my-model")).toContain("notebook");
    await slipway("token", "revoke", "my-model", "notebook");
    const refused = await call();
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "auth/revoked" });
  });

  test("Basic with client and token, and Seldon's first protocol, answer on the same address", async () => {
    const { token } = z
      .object({ token: z.string() })
      .parse(JSON.parse(await slipway("token", "create", "my-model", "seldon", "-o", "json")));
    const response = await fetch(`${platform.info.gatewayUrl}/serve/default/my-model/api/v1.0/predictions`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`seldon:${token}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ data: { ndarray: [[5.1, 3.5, 1.4, 0.2]] } }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ data: { ndarray: expect.any(Array) } });
  });

  test("scale, stop, start, history, diff and rollback do what they say", async () => {
    await slipway("stop", "deployment", "my-model");
    await slipway("wait", "deployment", "my-model", "--for", "stopped", "--timeout", "30s");
    const stopped = await platform.cli("infer", "my-model", "-d", firstRequest());
    expect(stopped.code).not.toBe(0);
    expect(stopped.stderr).toContain("stopped");
    await slipway("start", "deployment", "my-model");
    await slipway("wait", "deployment", "my-model", "--for", "live", "--timeout", "30s");
    await slipway("scale", "deployment", "my-model", "--replicas", "0");
    await slipway("scale", "deployment", "my-model", "--replicas", "1");
    await slipway("wait", "deployment", "my-model", "--for", "live", "--timeout", "30s");
    const history = await slipway("history", "deployment", "my-model");
    expect(history.split("\n").filter((line) => /^\s*\d+\b/.test(line)).length).toBeGreaterThanOrEqual(5);
    expect(await slipway("diff", "deployment", "my-model", "--from", "1", "--to", "2")).toContain("running");
    await slipway("rollback", "deployment", "my-model", "--to", "1");
    await slipway("wait", "deployment", "my-model", "--for", "live", "--timeout", "30s");
    expect(await slipway("events", "deployment", "my-model")).toContain("Placed");
  });

  test("what cannot be placed says why in a sentence with numbers, and explain agrees", async () => {
    writeFileSync(
      join(folder, "big.yaml"),
      `apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: too-big }\nspec:\n  variants: [{ model: { uri: "file://${modelFile("iris")}" } }]\n  resources: { memory: 3000Gi }\n`,
    );
    await slipway("apply", "-f", join(folder, "big.yaml"));
    const waited = await platform.cli("wait", "deployment", "too-big", "--for", "live", "--timeout", "2s");
    expect(waited.code).not.toBe(0);
    expect(waited.stderr + waited.stdout).toMatch(/needs 2\.9 TiB|needs 3000 GiB/);
    expect(await slipway("explain", "deployment", "too-big")).toMatch(/onnx/);
    await slipway("delete", "deployment", "too-big", "--yes");
  });

  test("a deleted deployment is gone, its name is free, and its address says nothing of it", async () => {
    await slipway("delete", "deployment", "my-model", "--yes");
    await slipway("wait", "deployment", "my-model", "--for", "deleted", "--timeout", "30s");
    expect((await platform.cli("get", "deployment", "my-model")).code).toBe(3);
    await slipway("apply", join(folder, "my-model.onnx"));
    await slipway("wait", "deployment", "my-model", "--for", "live", "--timeout", "60s");
    await slipway("delete", "deployment", "my-model", "--yes");
  });
});

describe("what a person gets wrong", () => {
  const failing = async (...args: string[]): Promise<CliResult> => {
    const result = await platform.cli(...args);
    expect(result.code, result.stdout).not.toBe(0);
    return result;
  };

  test("every problem of a manifest is told at once, each at its field", async () => {
    writeFileSync(
      join(folder, "bad.yaml"),
      'apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: Bad_Name }\nspec:\n  variants: [{ model: { uri: "file:/x" } }]\n  resources: { memory: lots }\n  wings: 2\n',
    );
    const { code, stderr } = await failing("apply", "-f", join(folder, "bad.yaml"));
    expect(code).toBe(2);
    for (const field of ["metadata.name", "spec.resources.memory", "spec.wings"]) expect(stderr).toContain(field);
  });

  test("a folder with two models says that there must be one", async () => {
    const two = join(folder, "two");
    mkdirSync(two);
    cpSync(modelFile("iris"), join(two, "a.onnx"));
    cpSync(modelFile("iris"), join(two, "b.onnx"));
    expect((await failing("apply", two)).stderr).toMatch(/2/);
  });
});
