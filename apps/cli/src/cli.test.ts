import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ResourceView, resourceView } from "@slipway/contracts";
import { doublingModel, externalDataModel, scalingModel } from "@slipway/onnx-file/testing/models";
import { systemClock } from "@slipway/service-kit";
import { startTestConsole, type TestConsole, type TestDatabase, testDatabase, writeTestStatus } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createContext } from "./commands/context.ts";
import { CHECKOUT, cliConfig } from "./config.ts";
import { runProgram } from "./program.ts";
import { memoryTerminal } from "./testing/memory-terminal.ts";

const MAIN = join(CHECKOUT, "apps", "cli", "src", "main.ts");
const LIVE = { lifecycle: "Live", health: "Healthy", traffic: "Serving" } as const;

let database: TestDatabase;
let console: TestConsole;
let folder: string;
const gateway = createServer();
/** What the gateway was sent, newest last. */
const calls: { url: string | undefined; authorization: string | undefined; body: string }[] = [];

beforeAll(async () => {
  gateway.on("request", async (request, response) => {
    const body = (await request.toArray()).join("");
    if (request.url !== "/health/live")
      calls.push({ url: request.url, authorization: request.headers.authorization, body });
    response.writeHead(200, { "x-request-id": "req_gateway" }).end('{"outputs":[{"data":[9007199254740993]}]}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  const address = gateway.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  database = await testDatabase();
  console = await startTestConsole({ databaseUrl: database.url, gatewayUrl: `http://127.0.0.1:${port}` });
  folder = mkdtempSync(join(tmpdir(), "slipway-cli-walk-"));
});
afterAll(async () => {
  await console.stop();
  await database.close();
  gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { code: number; out: string; notes: string };

/** What a person types, run here: a process of its own for each would cost ten times as much. */
function slipway(...args: string[]): Promise<Ended> {
  return typed(memoryTerminal(), args);
}

async function typed(terminal: ReturnType<typeof memoryTerminal>, args: readonly string[]): Promise<Ended> {
  const env = { SLIPWAY_DATA_DIR: console.dataDir };
  const config = cliConfig(env, folder);
  const { signal } = new AbortController();
  const context = createContext({ config, terminal, clock: systemClock, env, signal, workingDir: folder });
  const code = await runProgram(context, args);
  return { code, out: terminal.printed(), notes: terminal.noted() };
}

/** The same as a process. */
function slipwayProcess(...args: string[]): Promise<Ended> {
  const env = { SLIPWAY_DATA_DIR: console.dataDir, NODE_ENV: "test" as const };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, cwd: folder }, (error, out, notes) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, notes });
    });
  });
}

async function read(name: string): Promise<ResourceView> {
  return resourceView.parse((await console.api("GET", `/deployments/${name}`)).body);
}

/** Deploys a file under a name, as a person would. */
async function deploy(name: string): Promise<ResourceView> {
  writeFileSync(join(folder, `${name}.onnx`), doublingModel());
  expect(await slipway("apply", `${name}.onnx`)).toMatchObject({ code: 0, out: `deployment ${name} created\n` });
  return read(name);
}

test("a model is deployed from its file, shown, changed, compared, rolled back and deleted", async () => {
  const { metadata } = await deploy("walk");
  expect(metadata.generation).toBe(1);

  const listed = await slipway("get", "Deployments");
  expect(listed.out).toMatch(/^NAME +STATE +HEALTH/);
  expect(listed.out).toContain("walk");
  const json = await slipway("get", "deployment", "walk", "-o", "json");
  expect(resourceView.parse(JSON.parse(json.out)).metadata.name).toBe("walk");

  expect(await slipway("scale", "deployment", "walk", "--replicas", "3", "-m", "more")).toMatchObject({ code: 0 });
  expect((await slipway("history", "deployment", "walk")).out).toMatch(/\n +2 .* cli .*more\n/);
  const { out: difference } = await slipway("diff", "deployment", "walk");
  expect(difference).toContain("scaling.replicas: 1 -> 3\n  live: Replicas are added beside those that serve.");
  expect(await slipway("rollback", "deployment", "walk")).toMatchObject({
    code: 0,
    out: "deployment walk rolled back to revision 1, as revision 3\n",
  });
  expect((await read("walk")).spec.scaling).toEqual({ replicas: 1 });

  expect(await slipway("stop", "deployment", "walk")).toMatchObject({ code: 0 });
  expect((await read("walk")).spec.running).toBe(false);
  expect(await slipway("start", "deployment", "walk")).toMatchObject({ code: 0 });

  expect(await slipway("delete", "deployment", "walk")).toMatchObject({ code: 2, out: "" });
  expect(await slipway("delete", "deployment", "walk", "--yes")).toMatchObject({ code: 0 });
  expect((await read("walk")).metadata.deletedAt).not.toBeNull();
});

test("what get prints as YAML can be applied again and changes nothing", async () => {
  await deploy("again");
  writeFileSync(join(folder, "again.yaml"), (await slipway("get", "deployment", "again", "-o", "yaml")).out);
  expect(await slipway("apply", "-f", "again.yaml")).toMatchObject({ code: 0, out: "deployment again unchanged\n" });
});

test("a dry run says what would happen and changes nothing", async () => {
  writeFileSync(join(folder, "dry.onnx"), doublingModel());
  expect(await slipway("apply", "dry.onnx", "--dry-run")).toMatchObject({
    code: 0,
    out: "deployment dry would be created\n",
  });
  expect(await slipway("get", "deployment", "dry")).toMatchObject({ code: 3, out: "" });
  expect(await slipway("model", "versions", "dry")).toMatchObject({ code: 3, out: "" });
});

test("a model's file is uploaded from any folder, with its progress; equal bytes are one version", async () => {
  const path = join(folder, "carried.onnx");
  const modelOf = async () => (await read("carried")).spec.variants;
  writeFileSync(path, scalingModel(2));
  const first = await typed(memoryTerminal({ isTTY: true }), ["apply", path]);
  expect(first).toMatchObject({ code: 0, out: "deployment carried created\n" });
  expect(first.notes).toMatch(/100 %, \d+ bytes of \d+ bytes/);
  expect(first.notes).toContain("Uploaded as version 1 of registered model carried.");
  expect(await modelOf()).toMatchObject([{ model: { registered: { name: "carried", version: 1 } } }]);
  const again = await slipway("apply", path);
  expect(again).toMatchObject({ code: 0, out: "deployment carried unchanged\n" });
  expect(again.notes).not.toContain("%");
  writeFileSync(path, scalingModel(3));
  const dry = await slipway("apply", path, "--dry-run");
  expect(dry).toMatchObject({ code: 0, out: "deployment carried would be updated\n" });
  expect(dry.notes).toContain("would be uploaded as version 2");
  expect(await slipway("apply", path, "--replicas", "2")).toMatchObject({ out: "deployment carried updated\n" });
  expect(await modelOf()).toMatchObject([{ model: { registered: { version: 2 } } }]);
  writeFileSync(path, "no model");
  expect(await slipway("apply", path)).toMatchObject({ code: 2, out: "" });
  expect(await slipway("model", "versions", "carried", "-o", "json")).toMatchObject({
    out: expect.not.stringContaining('"version": 3'),
  });
});

test("a model that keeps weights in other files, and one that should, is served from where it lies", async () => {
  writeFileSync(join(folder, "beside.onnx"), externalDataModel("beside.bin"));
  writeFileSync(join(folder, "beside.bin"), "weights!");
  writeFileSync(join(folder, "still.onnx"), doublingModel());
  const beside = await slipway("apply", "beside.onnx");
  expect(beside).toMatchObject({ code: 0, notes: expect.stringContaining("keeps weights in beside.bin") });
  expect(await slipway("apply", "still.onnx", "--in-place")).toMatchObject({ code: 0 });
  for (const name of ["beside", "still"]) {
    const uri = expect.stringMatching(new RegExp(`^file:///.*/${name}.onnx$`));
    expect((await read(name)).spec.variants).toMatchObject([{ model: { uri, sha256: expect.any(String) } }]);
    expect(await slipway("model", "versions", name)).toMatchObject({ code: 3 });
  }
  expect(await slipway("apply", "--model", "carried", "--in-place")).toMatchObject({ code: 2 });
  truncateSync(join(folder, "beside.bin"), 100 * 2 ** 20);
  const large = await slipway("apply", "beside.onnx");
  expect(large.notes).toMatch(/Memory 201Mi for a replica: twice the 100 MiB that it loads/);
  expect((await read("beside")).spec.resources).toEqual({ memory: "201Mi" });
  expect(await slipway("apply", "still.onnx", "--memory", "lots")).toMatchObject({ code: 2 });
});

test("every problem of a manifest is said at its field, and nothing is applied", async () => {
  const manifest =
    "apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: Bad }\nspec: { strategy: {}, wrong: 1 }\n";
  writeFileSync(join(folder, "bad.yaml"), manifest);
  for (const more of [[], ["--dry-run"]]) {
    const { code, notes } = await slipway("apply", "-f", "bad.yaml", ...more);
    expect(code).toBe(2);
    for (const field of ["metadata.name", "spec.variants", "spec.wrong"]) expect(notes).toContain(field);
    expect(notes).toContain("spec.strategy is not built yet");
  }
});

test("somebody else's change is a conflict, not an overwrite", async () => {
  const { metadata } = await deploy("shared");
  await slipway("scale", "deployment", "shared", "--replicas", "2");
  const stale = `apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: shared, uid: ${metadata.uid}, version: ${metadata.version} }\nspec: { variants: [{ model: { uri: "file:///x.onnx" } }] }\n`;
  writeFileSync(join(folder, "stale.yaml"), stale);
  const { code, notes } = await slipway("apply", "-f", "stale.yaml");
  expect(code).toBe(4);
  expect(notes).toContain("was changed by somebody else");
});

test("wait ends when it is live, says why it failed, and gives up in time", async () => {
  const { metadata } = await deploy("waited");
  const late = await slipway("wait", "deployment", "waited", "--timeout", "300ms");
  expect(late.code).toBe(6);
  expect(late.notes).toContain("is not live after 300ms");

  const waiting = slipway("wait", "deployment", "waited", "--for", "live", "--timeout", "20s");
  await writeTestStatus(database.db, metadata.uid, { ...LIVE, observedGeneration: 1, servingGeneration: 1 });
  expect(await waiting).toMatchObject({ code: 0 });

  const message = "There is no model at file:///gone.onnx.";
  await writeTestStatus(database.db, metadata.uid, { health: "Failed", observedGeneration: 1, message });
  const failed = await slipway("wait", "deployment", "waited", "--for", "live");
  expect(failed.code).toBe(1);
  expect(failed.notes).toContain(message);
});

test("infer sends the sample with a token that it keeps, and prints the answer digit by digit", async () => {
  const { metadata } = await deploy("asked");
  const signature = { inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }], outputs: [] };
  await writeTestStatus(database.db, metadata.uid, { ...LIVE, observedGeneration: 1, signature });
  const first = await slipway("infer", "asked");
  expect(first).toMatchObject({ code: 0, out: '{"outputs":[{"data":[9007199254740993]}]}\n' });
  expect(first.notes).toContain("request req_gateway");
  await slipway("infer", "asked", "-d", '{"inputs":[9007199254740993]}');
  const [one, two] = calls.slice(-2);
  expect(one).toMatchObject({ url: "/serve/default/asked/v2/models/asked/infer" });
  expect(JSON.parse(one?.body ?? "")).toMatchObject({ inputs: [{ name: "x", datatype: "FP32" }] });
  expect(one?.authorization).toMatch(/^Bearer slw_/);
  expect(two).toMatchObject({ authorization: one?.authorization, body: '{"inputs":[9007199254740993]}' });
});

test("a token is made for scripts, listed without itself, and revoked", async () => {
  await deploy("guarded");
  const created = await slipway("token", "create", "guarded", "shop", "-o", "json");
  expect(JSON.parse(created.out)).toEqual({ client: "shop", token: expect.stringMatching(/^slw_/) });
  const listed = await slipway("token", "list", "guarded");
  expect(listed.out).toMatch(/shop .* valid /);
  expect(listed.out).not.toContain(JSON.parse(created.out).token);
  expect(await slipway("token", "create", "guarded", "shop")).toMatchObject({ code: 4 });
  expect(listed.out).toContain("infer, metadata");
  const rotated = await slipway("token", "rotate", "guarded", "shop", "--overlap-hours", "2", "--scope", "infer");
  expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^slw_/) });
  expect(rotated.notes).toContain("ends in 2 h");
  expect((await slipway("token", "list", "guarded")).out).toContain("ending");
  expect(await slipway("token", "rotate", "guarded", "shop")).toMatchObject({ code: 4 });
  expect(await slipway("token", "rotate", "guarded", "shop", "--scope", "everything")).toMatchObject({ code: 2 });
  await slipway("token", "revoke", "guarded", "shop", "--token", JSON.parse(created.out).token.slice(-4));
  expect((await slipway("token", "list", "guarded")).out).toMatch(/valid(.|\n)*revoked/);
  await slipway("token", "revoke", "guarded", "shop");
  expect((await slipway("token", "list", "guarded")).out).not.toContain("valid");
});

test("a server that no group is named for is found among the platform's own", async () => {
  const manifest =
    "apiVersion: slipway.dev/v1\nkind: Server\nmetadata: { name: shared-onnx, group: platform }\nspec: {}\n";
  writeFileSync(join(folder, "server.yaml"), manifest);
  expect(await slipway("apply", "-f", "server.yaml")).toMatchObject({ code: 0 });
  expect(await slipway("scale", "server", "shared-onnx", "--replicas", "2")).toMatchObject({ code: 0 });
  expect((await slipway("get", "servers")).out).toMatch(/platform +shared-onnx/);
  expect(await slipway("get", "server", "shared-onnx", "--group", "default")).toMatchObject({ code: 3 });
});

test("activity tells who did what to an object, as a table and as JSON, as many as asked for", async () => {
  await deploy("told");
  await slipway("scale", "deployment", "told", "--replicas", "2", "-m", "more callers");
  const table = await slipway("activity", "deployment", "told");
  expect(table).toMatchObject({ code: 0 });
  expect(table.out).toMatch(
    /^WHEN +WHO +DID +TO +FIELDS +MESSAGE\n.* local-admin +deployment.scale +deployment told +1 +more callers\n.*deployment.apply/,
  );
  const json = await slipway("activity", "Deployments", "told", "--limit", "1", "-o", "json");
  expect(JSON.parse(json.out)).toMatchObject({
    items: [{ action: "deployment.scale", diff: [{ field: "spec.scaling.replicas", before: 1, after: 2 }] }],
  });
  expect(JSON.parse(json.out).items).toHaveLength(1);
  const none = await slipway("activity", "--actor", "user:nobody");
  expect(none).toMatchObject({ code: 0, out: "" });
  expect((await slipway("activity", "widgets")).code).toBe(2);
});

test("deployments are narrowed and sorted, and what is for them alone is refused of other kinds", async () => {
  const one = await deploy("narrow-one");
  await deploy("narrow-two");
  await writeTestStatus(database.db, one.metadata.uid, { ...LIVE, health: "Failed" });
  const failing = await slipway("get", "deployments", "--search", "narrow", "--attention");
  expect(failing.out).toMatch(/narrow-one +Live +Failed/);
  expect(failing.out).not.toContain("narrow-two");
  const sorted = await slipway("get", "deployments", "--search", "narrow", "--sort", "-name", "-o", "json");
  const names = JSON.parse(sorted.out).items.map((item: unknown) => resourceView.parse(item).metadata.name);
  expect(names).toEqual(["narrow-two", "narrow-one"]);
  const wrong = await slipway("get", "deployments", "--lifecycle", "Running");
  expect(wrong).toMatchObject({ code: 2, out: "" });
  expect(wrong.notes).toContain("allowed: Pending");
  expect(await slipway("get", "servers", "--health", "Failed")).toMatchObject({ code: 2 });
  expect((await slipway("get", "deployments", "--search", "narrow", "--visibility", "public")).notes).toContain(
    "No deployment in group default matches.",
  );
});

test("several are stopped at once; who is refused is named, and the others are done", async () => {
  for (const name of ["many-one", "many-two"]) await deploy(name);
  const stopped = await slipway("stop", "many-one", "none-such", "many-two");
  expect(stopped).toMatchObject({ code: 4, out: "deployment many-one is stopping\ndeployment many-two is stopping\n" });
  expect(stopped.notes).toContain("There is no Deployment named none-such.");
  expect(stopped.notes).toContain("1 of 3 was refused");
  expect(await slipway("start", "many-one")).toMatchObject({ out: "deployment many-one is starting\n" });
}, 60_000);

test("labels are given and taken away, and several objects deleted only when that was meant", async () => {
  for (const name of ["tag-one", "tag-two"]) await deploy(name);
  expect((await slipway("label", "deployments", "tag-one", "tag-two", "team=growth", "old-")).code).toBe(0);
  expect((await read("tag-two")).metadata.labels).toEqual({ team: "growth" });
  expect(await slipway("label", "deployment", "tag-one", "team-")).toMatchObject({
    out: "deployment tag-one labelled\n",
  });
  expect((await slipway("label", "deployment", "tag-one")).notes).toContain("No label is named.");
  expect((await slipway("delete", "deployments", "tag-one", "tag-two")).code).toBe(2);
  expect((await slipway("delete", "deployments", "tag-one", "tag-two", "--yes")).code).toBe(0);
  expect((await read("tag-one")).metadata.deletedAt).not.toBeNull();
}, 60_000);

test("what does not exist is exit code 3, and nobody there is exit code 5", async () => {
  expect(await slipway("get", "server", "none")).toMatchObject({ code: 3 });
  expect((await slipway("explain", "deployment", "none")).code).toBe(3);
  await console.kill9();
  const { code, notes } = await slipway("get", "servers");
  await console.start();
  expect(code).toBe(5);
  expect(notes).toContain("npm start");
}, 60_000);

test("as a process it prints the answer, says why it fails beside it, and ends with its exit code", async () => {
  const link = await slipwayProcess("login-link");
  expect(link).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`^${console.url}/sign-in#\\S+\\n$`)) });
  const absent = await slipwayProcess("get", "server", "none");
  expect(absent).toMatchObject({ code: 3, out: "", notes: expect.stringContaining("none") });
}, 60_000);
