import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { LANGUAGES, pythonLiteral, snippetOf } from "./snippets.ts";

const parts = {
  gatewayUrl: "http://127.0.0.1:7080/",
  group: "team-a",
  name: "iris",
  isPublic: false,
  sample: '{"inputs":[{"name":"it\'s","datatype":"BOOL","shape":[1],"data":[true]}]}',
};

test("a private deployment's call names a token in every language that needs one, a public one's never", () => {
  for (const language of LANGUAGES) {
    expect(/TOKEN/.test(snippetOf(language, parts)), language).toBe(language !== "cli");
    expect(snippetOf(language, { ...parts, isPublic: true })).not.toContain("TOKEN");
  }
});

test("every call goes to the one address of the deployment", () => {
  const url = "http://127.0.0.1:7080/serve/team-a/iris/v2/models/iris/infer";
  for (const language of ["curl", "python", "javascript"] as const) {
    expect(snippetOf(language, parts)).toContain(url);
  }
  expect(snippetOf("cli", parts)).toContain("npx slipway infer iris --group team-a");
});

test("a quote in a sample does not end the argument of a shell", () => {
  const { stdout } = spawnSync("sh", ["-c", snippetOf("cli", parts).replace("npx slipway infer", "printf '%s\\n'")]);
  expect(stdout.toString()).toContain(parts.sample);
});

test("JSON becomes what Python reads as the same", () => {
  expect(pythonLiteral({ a: [true, false, null, 1.5, 'x"y'] })).toBe('{"a": [True, False, None, 1.5, "x\\"y"]}');
});
