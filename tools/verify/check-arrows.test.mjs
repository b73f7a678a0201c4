import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ARROWS, NEVER } from "./arrows.mjs";
import { checkArrows, importsOf } from "./check-arrows.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-arrows-"));
  put("package.json", JSON.stringify({ devDependencies: { vitest: "1.0.0" } }));
  for (const [name, dependencies] of Object.entries({
    db: {},
    gateway: { zod: "1.0.0", "@slipway/contracts": "0.1.0" },
    contracts: {},
  })) {
    put(`packages/${name}/package.json`, JSON.stringify({ dependencies }));
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param {string} path @param {string} text */
function put(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** @param {string} text */
function problemsOfGateway(text, file = "src/gateway.ts") {
  put(`packages/gateway/${file}`, text);
  return checkArrows(root, { db: ["contracts"], contracts: [], gateway: ["contracts"] }, { db: ["gateway"] });
}

test.each([
  ['import { createDb } from "@slipway/db";', "must not import @slipway/db"],
  ['import type { Db } from "@slipway/db/sub";', "must not import @slipway/db"],
  ['export * from "@slipway/db";', "must not import @slipway/db"],
  ['const db = await import("@slipway/db");', "must not import @slipway/db"],
  ['import {\n  a,\n  b,\n} from "@slipway/db";', "must not import @slipway/db"],
  ['import "../../db/src/index.ts";', "reaches into another workspace"],
  ['import pg from "pg";', "imports pg, which packages/gateway/package.json does not list"],
  ['import { test } from "vitest";', "imports vitest"],
])("%j in the gateway is refused by naming file and import", (text, problem) => {
  expect(problemsOfGateway(text)).toEqual([expect.stringContaining(problem)]);
});

test("what the table and the package.json allow passes, and a test may use the tools of tests", () => {
  expect(
    problemsOfGateway(
      'import * as z from "zod";\nimport { x } from "@slipway/contracts";\nimport "node:fs";\nimport "./a.ts";',
    ),
  ).toEqual([]);
  const text = 'import { test } from "vitest";\nimport { until } from "@slipway/testkit";';
  expect(problemsOfGateway(text, "src/gateway.test.ts")).toEqual([]);
});

test("a cycle in the table, and a chain that reaches what must never be reached, are told", () => {
  const arrows = { contracts: ["db"], db: ["contracts"], gateway: ["contracts"] };
  expect(checkArrows(root, arrows, { db: ["gateway"] })).toEqual([
    "the table has a cycle through contracts",
    "the table has a cycle through db",
    "the table lets gateway reach db",
  ]);
});

test("the table of the repository has no cycle and keeps the data plane away from the database", () => {
  rmSync(join(root, "packages"), { recursive: true });
  expect(checkArrows(root, ARROWS, NEVER)).toEqual([]);
});

test("an import in a comment or a text is none", () => {
  expect(importsOf('// import of "x" from "y"\nconst text = `import a from "b"`;')).toEqual([]);
});
