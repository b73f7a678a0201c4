import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/** A checkout with the real tools, and with an npm and a Node 24 that only note what they are asked. */
let root = "";
const TOOLS = import.meta.dirname;

const FAKE_NPM = `
  const { appendFileSync, existsSync, mkdirSync, writeFileSync, copyFileSync, chmodSync } = require("node:fs");
  appendFileSync("calls", "npm " + process.argv[2] + "\\n");
  if (existsSync("no-registry")) { console.error("cannot reach the registry"); process.exit(1); }
  mkdirSync("node_modules/node/bin", { recursive: true });
  if (!existsSync("scripts-are-off")) { copyFileSync("fake-node", "node_modules/node/bin/node"); chmodSync("node_modules/node/bin/node", 0o755); }
  setTimeout(() => writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: {} })), Number(process.env.NPM_TAKES_MS ?? 0));
`;
const FAKE_NODE = `#!/bin/sh
if [ "$1" = --version ]; then echo v24.9.0; exit 0; fi
echo "node $2" >> calls
if [ -e broken ]; then echo "it is broken"; exit 1; fi
mkdir -p packages/rpc/src/generated packages/db/src/generated
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-bootstrap-"));
  cpSync(TOOLS, join(root, "tools"), { recursive: true });
  put("package-lock.json", JSON.stringify({ packages: { "": {} } }));
  put("npm-cli.js", FAKE_NPM);
  put("fake-node", FAKE_NODE);
  put("proto/a.proto", "one");
  put("apps/console/package.json", "{}");
  put("calls", "");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param {string} path @param {string} text */
function put(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** @param {Record<string, string>} [env] @returns {{ pid: number, done: Promise<{ code: number | null, output: string }>, kill: () => void }} */
function bootstrap(env = {}) {
  const program = `import { bootstrap } from ${JSON.stringify(join(root, "tools/bootstrap.mjs"))};
    import { runTool } from ${JSON.stringify(join(root, "tools/lib/steps.mjs"))};
    await runTool(async () => { await bootstrap({ withConsole: true }); return 0; });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", npm_execpath: join(root, "npm-cli.js"), ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const done = new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  return { pid: child.pid ?? 0, done, kill: () => child.kill("SIGKILL") };
}

function calls() {
  return readFileSync(join(root, "calls"), "utf8").trim().split("\n").filter(Boolean);
}

const ALL = ["npm ci", "node generate", "node generate"];

test("does each step once, and again only when what it depends on changed", async () => {
  expect(await bootstrap().done).toMatchObject({ code: 0 });
  expect(calls()).toEqual(ALL);
  expect(await bootstrap().done).toEqual({ code: 0, output: "" });
  expect(calls()).toEqual(ALL);
  put("proto/a.proto", "two");
  const { output } = await bootstrap().done;
  expect(output).toMatch(/^Generated the protobuf code \(\d+\.\d s\)\n$/);
  put("package-lock.json", JSON.stringify({ packages: { "": {}, "node_modules/x": { version: "1.0.0" } } }));
  await bootstrap().done;
  expect(calls()).toEqual([...ALL, "node generate", "npm ci"]);
});

test("a failed step says what failed and what to try, and is done again by the next run", async () => {
  put("no-registry", "");
  const failed = await bootstrap().done;
  expect(failed).toMatchObject({
    code: 1,
    output: expect.stringMatching(/npm ci failed:\ncannot reach the registry[\s\S]*What to try: /),
  });
  rmSync(join(root, "no-registry"));
  put("broken", "");
  expect(await bootstrap().done).toMatchObject({
    code: 1,
    output: expect.stringMatching(/could not be generated:\nit is broken/),
  });
  rmSync(join(root, "broken"));
  expect(await bootstrap().done).toMatchObject({ code: 0 });
  expect(calls()).toEqual(["npm ci", "npm ci", "node generate", "node generate", "node generate"]);
});

test("a run that was killed in the middle of the installation is taken up by the next one", async () => {
  const killed = bootstrap({ NPM_TAKES_MS: "60000" });
  await expect.poll(calls, { timeout: 10_000 }).toEqual(["npm ci"]);
  killed.kill();
  await killed.done;
  expect(await bootstrap().done).toMatchObject({ code: 0 });
  expect(calls()).toEqual(["npm ci", ...ALL]);
});

test("two at once take turns: the second waits and finds nothing to do", async () => {
  const both = [bootstrap({ NPM_TAKES_MS: "500" }), bootstrap({ NPM_TAKES_MS: "500" })];
  const results = await Promise.all(both.map(({ done }) => done));
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(calls()).toEqual(ALL);
  expect(results.map(({ output }) => output).join("")).toMatch(
    /Another set-up of this checkout is under way \(process \d+\)/,
  );
});

test("where npm skips install scripts, the missing Node 24 is told by name", async () => {
  put("scripts-are-off", "");
  const { code, output } = await bootstrap().done;
  expect(code).toBe(1);
  expect(output).toMatch(/Node 24 comes as a package, but it is not there[\s\S]*ignore-scripts/);
  expect(calls()).toEqual(["npm ci", "npm rebuild"]);
});

test("an old Node is refused in words", async () => {
  const { checkNode } = await import("./lib/install.mjs");
  const { versions } = process;
  try {
    Object.defineProperty(process, "versions", { value: { ...versions, node: "20.18.1" } });
    expect(checkNode).toThrow(/needs Node 20.19 or newer; this is 20.18.1/);
  } finally {
    Object.defineProperty(process, "versions", { value: versions });
  }
});
