import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "@slipway/platform";
import { startTestPlatform, type TestPlatform } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callOnce, startCalling, tally } from "./caller.ts";
import { inferUrl, modelFile, sampleOf, untilState } from "./examples.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-bad-input-"));
let platform: TestPlatform;
let token = "";

beforeAll(async () => {
  platform = await startTestPlatform({ env: { SLIPWAY_MODEL_ROOTS: `${folder}:${join(CHECKOUT, "examples")}` } });
  await platform.deploy("iris", modelFile("iris"));
  await platform.deploy("other", modelFile("breast-cancer"));
  token = await platform.createToken("iris", "bad-input");
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const JSON_BODY = { "content-type": "application/json" };
/** Headers that have a value; an empty one says that it is left out. */
const given = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));

async function post(body: string, headers: Record<string, string> = {}, deployment = "iris") {
  const response = await fetch(inferUrl(platform, deployment), {
    method: "POST",
    headers: {
      ...(headers.authorization === "" ? {} : { authorization: `Bearer ${token}` }),
      ...JSON_BODY,
      ...given(headers),
    },
    body,
  });
  return { status: response.status, body: await response.json() };
}

const tensor = (changes: object) =>
  JSON.stringify({ inputs: [{ name: "input", shape: [1, 4], datatype: "FP32", data: [1, 2, 3, 4], ...changes }] });

describe("a request that is wrong gets its status, its code and one sentence, and the next one works", () => {
  test.each([
    ["malformed JSON", "{", 400, "request/malformed_json"],
    ["an unknown tensor name", tensor({ name: "inputt" }), 400, /^tensor\//],
    ["a wrong shape", tensor({ shape: [1, 3], data: [1, 2, 3] }), 400, "tensor/shape"],
    ["a wrong datatype", tensor({ datatype: "INT64" }), 400, "tensor/datatype"],
    ["too few values", tensor({ data: [1, 2, 3] }), 400, "tensor/element_count"],
    ["no input", '{"inputs":[]}', 400, /^tensor\/|^request\//],
    [
      "an extra input",
      JSON.stringify({
        inputs: [...JSON.parse(tensor({})).inputs, { name: "x", shape: [1], datatype: "FP32", data: [1] }],
      }),
      400,
      "tensor/unknown",
    ],
    [
      "NaN",
      '{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,NaN]}]}',
      400,
      /^request\/malformed_json|^tensor\/value/,
    ],
    ["huge dimensions", tensor({ shape: [9_007_199_254_740_991, 4] }), 400, /^tensor\//],
    ["deep nesting", `{"inputs":${"[".repeat(2_000)}${"]".repeat(2_000)}}`, 400, /^request\//],
    ["a body over the limit", `{"inputs":"${"x".repeat(21 * 1024 * 1024)}"}`, 413, "request/too_large"],
  ])("%s", async (_, body, status, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      code: expect.stringMatching(code),
      error: expect.any(String),
      requestId: expect.any(String),
    });
    expect((await post(sampleOf("iris"))).status).toBe(200);
  });

  test("a tensor error shows the model's own signature", async () => {
    const { body } = await post(tensor({ shape: [1, 3], data: [1, 2, 3] }));
    expect(body).toMatchObject({ signature: { inputs: [{ name: "input", datatype: "FP32" }] } });
  });

  test("another model's name below the address is not found", async () => {
    const url = inferUrl(platform, "iris").replace(/models\/iris/, "models/nobody");
    expect(await callOnce({ url, token, body: sampleOf("iris") })).toMatchObject({
      status: 404,
      code: "model/unknown",
    });
  });

  test("no credential is 401; a foreign one, or a deployment that is not there, is 403", async () => {
    expect((await post(sampleOf("iris"), { authorization: "" })).body).toMatchObject({ code: "auth/missing" });
    expect(await post(sampleOf("iris"), { authorization: "Bearer slw_nobody" })).toMatchObject({
      status: 401,
      body: { code: "auth/unknown" },
    });
    expect((await post(sampleOf("iris"), {}, "other")).status).toBe(403);
    expect((await post(sampleOf("iris"), {}, "nowhere")).status).toBe(403);
  });
});

describe("an artifact that cannot be loaded", () => {
  const apply = (name: string, path: string, model: object = {}) =>
    platform.api("POST", "/apply", {
      manifest: JSON.stringify({
        apiVersion: "slipway.dev/v1",
        kind: "Deployment",
        metadata: { name },
        spec: { variants: [{ model: { uri: `file://${path}`, ...model } }] },
      }),
    });

  test.each([
    ["corrupt", "model/corrupt"],
    ["missing", "artifact/missing"],
    ["mis-summed", "artifact/checksum"],
    ["outside", "artifact/not_allowed"],
  ])("%s: it is accepted, ends as Failed with its cause, and disturbs no neighbour", async (name, code) => {
    writeFileSync(join(folder, "corrupt.onnx"), "this is no model");
    cpSync(modelFile("iris"), join(folder, "mis-summed.onnx"));
    const path = name === "outside" ? "/etc/passwd" : join(folder, `${name}.onnx`);
    const caller = startCalling({ url: inferUrl(platform, "iris"), token, body: sampleOf("iris"), concurrency: 2 });
    const { status } = await apply(name, path, name === "mis-summed" ? { sha256: "0".repeat(64) } : {});
    expect(status).toBe(200);
    const state = await untilState(platform, name, (one) => one.status.health === "Failed", "has failed");
    expect(state.status.reason).toBe(code);
    expect(state.status.message).not.toBe("");
    expect(Object.keys(tally(await caller.stop()))).toEqual(["200"]);
    await platform.api("DELETE", `/deployments/${name}`);
  });

  test("a file that was mended is tried again as soon as its manifest is applied once more", async () => {
    const path = join(folder, "mended.onnx");
    writeFileSync(path, "this is no model");
    await apply("mended", path);
    await untilState(platform, "mended", (one) => one.status.health === "Failed", "has failed");
    cpSync(modelFile("iris"), path);
    const { body } = await apply("mended", path);
    expect(body).toMatchObject({ results: [{ change: "retried" }] });
    await untilState(platform, "mended", (one) => one.status.health === "Healthy", "is healthy");
    expect((await apply("mended", path)).body).toMatchObject({ results: [{ change: "unchanged" }] });
    await platform.api("DELETE", "/deployments/mended");
  });

  test("an update that fails leaves the old version serving, and says so", async () => {
    const path = join(folder, "updated.onnx");
    cpSync(modelFile("iris"), path);
    await apply("updated", path);
    await untilState(platform, "updated", (one) => one.status.lifecycle === "Live", "is live");
    const updatedToken = await platform.createToken("updated", "bad-input");
    const caller = startCalling({
      url: inferUrl(platform, "updated"),
      token: updatedToken,
      body: sampleOf("iris"),
      concurrency: 2,
    });
    const broken = join(folder, "broken-update.onnx");
    writeFileSync(broken, "not a model");
    await apply("updated", broken);
    const state = await untilState(platform, "updated", (one) => one.status.health === "Degraded", "is degraded");
    expect(state.status).toMatchObject({ lifecycle: "Live", traffic: "Serving" });
    expect(state.status.message).toContain("The last update failed and the version before it serves");
    expect(Object.keys(tally(await caller.stop()))).toEqual(["200"]);
  });
});
