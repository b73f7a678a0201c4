import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registryPath } from "@slipway/contracts";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startCalling, tally } from "./caller.ts";
import { inferUrl } from "./examples.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-registry-"));
let platform: TestPlatform;

beforeAll(async () => {
  for (const factor of [2, 3]) writeFileSync(join(folder, `times-${factor}.onnx`), scalingModel(factor));
  // The folder that is uploaded from is none of those that replicas may read.
  platform = await startTestPlatform({ env: { SLIPWAY_MODEL_ROOTS: "/nowhere" } });
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command that must succeed; a failure shows all that it printed. */
async function slipway(...args: string[]): Promise<string> {
  const result = await platform.cli(...args);
  if (result.code !== 0) {
    throw new Error(`slipway ${args.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

const BODY = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 10] }] });
const answer = z.object({ outputs: z.array(z.object({ data: z.array(z.number()) })) });

async function ask(token: string): Promise<number[]> {
  const response = await fetch(inferUrl(platform, "times"), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: BODY,
  });
  return answer.parse(await response.json()).outputs[0]?.data ?? [];
}

test("push, deploy by alias, answer; moving the alias changes the answer without a failed request", async () => {
  const push = ["model", "push", join(folder, "times-2.onnx"), "--name", "times", "--alias", "live"];
  expect(await slipway(...push)).toContain("model times version 1");
  expect(await slipway(...push)).toContain("version 1");
  await slipway("apply", "--model", "times@live");
  await slipway("wait", "deployment", "times", "--for", "live", "--timeout", "60s");
  const token = await platform.createToken("times", "caller");
  expect(await ask(token)).toEqual([2, 20]);

  const calling = startCalling({ url: inferUrl(platform, "times"), token, body: BODY });
  expect(await slipway("model", "push", join(folder, "times-3.onnx"), "--name", "times")).toContain("version 2");
  await slipway("model", "alias", "times", "live", "2");
  await until(async () => (await ask(token))[0] === 3, { timeoutMs: 60_000, what: "version 2 answers" });
  const outcomes = await calling.stop();
  expect(Object.keys(tally(outcomes))).toEqual(["200"]);
  expect(outcomes.length).toBeGreaterThan(50);
  expect(await slipway("history", "deployment", "times")).toContain("Alias live of times moved to version 2");
});

test("what is used is not deleted, and what was rolled back to answers again with the bytes of then", async () => {
  const refused = await platform.cli("model", "delete", "times", "2");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Version 2 of times is used by");
  const token = await platform.createToken("times", "second");
  await slipway("rollback", "deployment", "times", "--to", "1");
  await until(async () => (await ask(token))[0] === 2, { timeoutMs: 60_000, what: "version 1 answers again" });
  expect((await platform.cli("model", "delete", "times", "--yes")).stderr).toContain("used by deployment times");
});

test("a restart serves registered models on, and once nothing uses them they and their bytes can go", async () => {
  await platform.restart();
  const token = await platform.createToken("times", "third");
  await until(async () => (await ask(token))[0] === 2, { timeoutMs: 60_000, what: "it answers after the restart" });
  const shown = await slipway("model", "show", "times", "1", "-o", "json");
  const { sha256 } = z
    .object({ sha256: z.string(), deployedIn: z.array(z.object({ name: z.literal("times") })).length(1) })
    .parse(JSON.parse(shown));
  await slipway("delete", "deployment", "times", "--yes");
  await until(async () => (await platform.cli("model", "delete", "times", "--yes")).code === 0, {
    timeoutMs: 60_000,
    everyMs: 500,
    what: "the model is free",
  });
  const stored = join(platform.dataDir, "registry", registryPath(sha256));
  await expect(import("node:fs/promises").then(({ access }) => access(stored))).rejects.toThrow("ENOENT");
});
