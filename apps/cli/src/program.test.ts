import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@slipway/service-kit";
import { afterAll, expect, test } from "vitest";
import { createContext, examplesOf } from "./commands/context.ts";
import { cliConfig } from "./config.ts";
import { allCommands, createProgram, runProgram } from "./program.ts";
import { renderReference } from "./render-reference.ts";
import { renderTable } from "./terminal/table.ts";
import { relativeTime } from "./terminal/words.ts";
import { memoryTerminal } from "./testing/memory-terminal.ts";

const dataDir = mkdtempSync(join(tmpdir(), "slipway-cli-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function context(terminal = memoryTerminal()) {
  return createContext({
    config: cliConfig({ SLIPWAY_DATA_DIR: dataDir }, "/"),
    terminal,
    clock: systemClock,
    env: {},
    signal: new AbortController().signal,
    workingDir: dataDir,
  });
}

async function run(...args: string[]) {
  const terminal = memoryTerminal();
  const code = await runProgram(context(terminal), args);
  return { code, out: terminal.printed(), notes: terminal.noted() };
}

test.each([
  [["bogus"]],
  [["get"]],
  [["get", "widgets"]],
  [["get", "deployments", "-o", "toml"]],
  [["scale", "deployment", "iris"]],
  [["scale", "deployment", "iris", "--replicas", "1.5"]],
  [["scale", "deployment", "iris", "--replicas", "-1"]],
  [["apply"]],
  [["apply", "a.onnx", "-f", "b.yaml"]],
  [["apply", "missing.onnx"]],
  [["apply", "-f", "missing.yaml"]],
  [["rollback", "deployment", "iris", "--to", "zero"]],
])("%j is wrong usage: exit code 2 and a reason", async (args) => {
  const { code, notes } = await run(...args);
  expect(code).toBe(2);
  expect(notes).not.toBe("");
});

test("without a platform every verb that needs one says so and how to start it: exit code 5", async () => {
  const { code, notes } = await run("get", "Deployments");
  expect(code).toBe(5);
  expect(notes).toContain(`There is no platform in ${dataDir}.`);
  expect(notes).toContain("npm start");
});

test("help is an answer: exit code 0, on standard output, with examples and the exit codes", async () => {
  const all = await run("--help");
  expect(all).toMatchObject({ code: 0, notes: "" });
  expect(all.out).toContain("Exit codes:");
  const one = await run("wait", "--help");
  expect(one).toMatchObject({ code: 0, notes: "" });
  expect(one.out).toContain("npx slipway wait deployment iris --for live --timeout 60s");
});

test("every verb has a summary and an example that its own parser knows", () => {
  const program = createProgram(context());
  const verbs = allCommands(program).filter((command) => command !== program && command.commands.length === 0);
  expect(verbs.length).toBeGreaterThan(15);
  for (const command of verbs) {
    expect(command.summary(), command.name()).not.toBe("");
    expect(examplesOf(command).length, command.name()).toBeGreaterThan(0);
  }
});

test("the reference page names every verb and option", () => {
  const program = createProgram(context());
  const page = renderReference(program);
  for (const option of allCommands(program).flatMap((command) => command.options)) expect(page).toContain(option.flags);
});

test("doctor needs nothing to run and says what it saw", async () => {
  const { out } = await run("doctor");
  expect(out).toMatch(/Disk +\S+ [KMGT]iB free/);
  expect(out).toContain(`no platform runs on ${dataDir}`);
});

test("columns line up, and paint adds no width", () => {
  const lines = renderTable<{ name: string; count: string }>(
    [
      { title: "Name", cell: (row) => ({ text: row.name, paint: (text) => `\u001b[1m${text}\u001b[0m` }) },
      { title: "N", cell: (row) => row.count, align: "right" },
    ],
    [
      { name: "iris", count: "1" },
      { name: "a-longer-name", count: "22" },
    ],
  );
  expect(lines).toEqual([
    "NAME            N",
    "\u001b[1miris\u001b[0m            1",
    "\u001b[1ma-longer-name\u001b[0m  22",
  ]);
});

test("times are said in the largest unit that fits", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  expect(relativeTime("2026-03-01T11:59:59.500Z", now)).toBe("now");
  expect(relativeTime("2026-03-01T11:57:00Z", now)).toBe("3 min ago");
  expect(relativeTime("2026-03-31T12:00:00Z", now)).toBe("in 30 d");
});
