import { describe, expect, test } from "vitest";
import { SlipwayError } from "./errors.ts";
import { MANIFEST_MAX_BYTES, parseManifests } from "./manifest.ts";
import { MAX_PROBLEMS } from "./problems.ts";
import { YAML_LIMITS } from "./read-yaml.ts";

const many = (count: number, line: (n: number) => string, between = "\n") =>
  Array.from({ length: count }, (_, n) => line(n)).join(between);

function refusal(text: string): SlipwayError {
  try {
    parseManifests(text);
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const first = (text: string) => refusal(text).problems?.[0]?.message;

describe("what a text holds is counted while it is read, and one that holds too much is refused before it is looked at", () => {
  test.each<[string, string, keyof typeof YAML_LIMITS]>([
    ["keys", many(YAML_LIMITS.values, (n) => `k${n}: 1`), "values"],
    ["keys of a flow map", `{${many(YAML_LIMITS.values, (n) => `k${n}: 1`, ", ")}}`, "values"],
    ["items", `[${"1,".repeat(YAML_LIMITS.values + 1)}]`, "values"],
    ["anchors", many(YAML_LIMITS.marks + 1, (n) => `k${n}: &a${n} 1`), "marks"],
    ["tags", many(YAML_LIMITS.marks + 1, (n) => `k${n}: !t 1`), "marks"],
    ["aliases", `a: &x 1\n${many(YAML_LIMITS.aliases + 1, (n) => `k${n}: *x`)}`, "aliases"],
    ["empty lines", "\n".repeat(YAML_LIMITS.lines + 1), "lines"],
    ["empty lines in a text", `a: "${"\n".repeat(YAML_LIMITS.lines + 1)}"`, "lines"],
    ["comments", "#\n".repeat(YAML_LIMITS.lines + 1), "lines"],
    ["commas", `[${",".repeat(YAML_LIMITS.pieces)}]`, "pieces"],
  ])("%s", (_name, text, limit) => {
    expect(text.length).toBeLessThan(MANIFEST_MAX_BYTES);
    expect(first(text)).toMatch(`holds more than ${YAML_LIMITS[limit]} `);
  });

  test("what aliases stand for counts as often as it is named", () => {
    const text = `a: &x [${"1,".repeat(1_000)}]\n${many(60, (n) => `k${n}: *x`)}`;
    expect(first(text)).toBe(`holds more than ${YAML_LIMITS.values} keys and values, its aliases written out`);
  });

  test("after a hundred mistakes of syntax nothing more is read", () => {
    const { problems = [] } = refusal("]".repeat(MANIFEST_MAX_BYTES - 1));
    expect(problems).toHaveLength(10);
    expect(problems[0]).toMatchObject({ field: "line 1", position: { line: 1, column: 1 } });
  });

  test("an alias of nothing is named as that", () => {
    expect(first("a: *x")).toBe("refers to an anchor that is not above");
  });
});

describe("a text with very many mistakes", () => {
  const HEAD = "apiVersion: slipway.dev/v1\nkind: Model\nmetadata: { name: iris }\nspec: { storageUri: 'file:/m' }\n";
  const count = 15_000;

  test.each([
    ["unknown keys", HEAD + many(count, (n) => `k${n}: 1`)],
    ["labels", HEAD.replace("iris }", `iris, labels: {${many(count, (n) => `"a ${n}": 1`, ", ")}} }`)],
    ["characters that are no text", `${HEAD}x: [${many(count, () => '"\\0"', ", ")}]`],
  ])("is told the first ones, at their places, and how many more there are: %s", (_name, text) => {
    const { problems = [], data } = refusal(text);
    expect(problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(problems[0]).toHaveProperty("position");
    const more = Number(/^has (\d+) more problems$/.exec(problems.at(-1)?.message ?? "")?.[1]);
    expect(more + MAX_PROBLEMS).toBeGreaterThanOrEqual(count);
    expect(data).toMatchObject({ count: more + MAX_PROBLEMS });
  });

  test("says no more of an endless name than its beginning", () => {
    const { problems = [] } = refusal(
      `${HEAD}? ${"k".repeat(500_000)}\n: { ${many(5_000, (n) => `"\\0${n}": 1`, ", ")} }`,
    );
    expect(JSON.stringify(problems).length).toBeLessThan(100_000);
  });
});

test("keys that become one name are one key, however many others there are", () => {
  const text = `${many(10_000, (n) => `k${n}: 1`)}\n1: a\n"1": b`;
  expect(refusal(text).problems).toMatchObject([
    { field: "line 10002", message: "map keys must be unique", position: { line: 10_002, column: 1 } },
  ]);
});
