import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type CommandParts, cliLine, curlLine } from "./command-lines.ts";

const PARTS: CommandParts = {
  origin: "http://127.0.0.1:7070",
  text: "metadata:\n  name: iris # it's \"ours\"\nspec: { description: 'a $HOME `b` \\\\ c' }\n",
  message: "it's time",
  seen: { uid: "u-1", version: 4 },
};

/** What a shell makes of a line: the program's arguments and what it reads, as JSON. */
function run(line: string, program: string): { args: string[]; input: string } {
  const print = `const args = process.argv.slice(1); const input = require("node:fs").readFileSync(0, "utf8"); console.log(JSON.stringify({ args, input }))`;
  const script = `${program}() { node -e '${print}' -- "$@"; }\n${line}`;
  return JSON.parse(execFileSync("bash", ["-c", script], { encoding: "utf8", input: "" }));
}

test("a shell hands the command line exactly this manifest and message", () => {
  const { args, input } = run(cliLine(PARTS), "npx");
  expect(args).toEqual(["slipway", "apply", "-f", "-", "--message", "it's time"]);
  expect(input).toBe(PARTS.text);
});

test("a shell hands curl exactly this manifest, and what was seen", () => {
  const { args } = run(curlLine(PARTS), "curl");
  expect(args[1]).toBe("http://127.0.0.1:7070/api/v1/apply");
  expect(JSON.parse(args.at(-1) ?? "")).toEqual({
    manifest: PARTS.text,
    message: "it's time",
    expected: [{ uid: "u-1", version: 4 }],
  });
  const fresh = run(curlLine({ ...PARTS, seen: null }), "curl");
  expect(JSON.parse(fresh.args.at(-1) ?? "").expected).toEqual([{ version: 0 }]);
});

test("a manifest that holds the end word of the input is handed over whole", () => {
  const text = "description: |-\n  x\nMANIFEST\n";
  expect(run(cliLine({ ...PARTS, text }), "npx").input).toBe(text);
});
