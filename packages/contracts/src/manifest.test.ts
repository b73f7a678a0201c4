import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEPLOYMENT_BLOCKS_NOT_BUILT } from "./deployment.ts";
import { type Problem, SlipwayError } from "./errors.ts";
import { MANIFEST_MAX_BYTES, MANIFEST_MAX_DOCUMENTS, parseManifests } from "./manifest.ts";

function problemsOf(text: string): Problem[] {
  try {
    parseManifests(text);
    return [];
  } catch (error) {
    if (error instanceof SlipwayError && error.problems !== undefined) return error.problems;
    throw error;
  }
}

const told = (text: string) => problemsOf(text).map(({ field, message }) => `${field} ${message}`.trim());

/** A deployment whose metadata and spec are given in flow style. */
const deployment = (spec: string, metadata = "name: iris") =>
  `apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { ${metadata} }\nspec: { variants: [{ model: { uri: "file:/m.onnx" } }]${spec === "" ? "" : `, ${spec}`} }`;
const variant = (text: string) =>
  `apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: iris }\nspec: { variants: [${text}] }`;
const server = (spec: string) =>
  `apiVersion: slipway.dev/v1\nkind: Server\nmetadata: { name: onnx }\nspec: { ${spec} }`;

test("model and apply is enough: everything else has a default", () => {
  const [one] = parseManifests(deployment(""));
  expect(one?.manifest).toEqual({
    kind: "Deployment",
    metadata: { name: "iris", group: "default", labels: {}, annotations: {} },
    spec: {
      type: "Regular",
      environment: "development",
      variants: [{ name: "main", model: { uri: "file:/m.onnx", format: "onnx" } }],
      resources: {},
      scaling: { replicas: 1 },
      access: { visibility: "private" },
      limits: { timeout: "30s", bodySize: "20Mi", inFlightPerReplica: 64, startTimeout: "5m" },
      running: true,
    },
  });
});

test("documents keep their own text with the comments above them", () => {
  const [first, second] = [`# mine\n${deployment("")}\n`, `${server("")}\n# the end\n`];
  expect(parseManifests(`${first}---\n${second}`).map(({ source }) => source)).toEqual([first, second]);
});

const NAME_RULE = "must be 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit";
const MEMORY_RULE = "must be a quantity of memory above zero such as 200Mi, 1.5Gi or 500M";

describe("each bad manifest names every problem at its field", () => {
  test.each<[string, string[]]>([
    ["", ["is empty"]],
    ["# only a comment", ["is empty"]],
    ["just text", ["must be an object with apiVersion, kind, metadata and spec"]],
    ["[1, 2]", ["must be an object with apiVersion, kind, metadata and spec"]],
    ["a: 1\na: 2", ["line 2 map keys must be unique"]],
    ["{ }", ["apiVersion is required", "kind is required"]],
    [
      "apiVersion: v1\nkind: Pod\nmetadata: {}",
      [`apiVersion is "v1"; allowed: slipway.dev/v1`, `kind is "Pod"; allowed: Deployment, Model, Server`],
    ],
    ["apiVersion: slipway.dev/v1\nkind: Deployment", ["metadata is required", "spec.variants is required"]],
    [`${deployment("")}\nstatus: {}`, ["status is not a known field"]],
    [deployment("", "name: Iris"), [`metadata.name is "Iris"; ${NAME_RULE}`]],
    [deployment("", `name: ${"a".repeat(64)}`), [expect.stringContaining(NAME_RULE)]],
    [deployment("", "name: 5"), ["metadata.name is 5; must be a text"]],
    [deployment("", "name: iris, group: a.b"), [`metadata.group is "a.b"; ${NAME_RULE}`]],
    [deployment("", "name: iris, namespace: x"), ["metadata.namespace is not a known field"]],
    [
      deployment("", "name: iris, uid: nope, version: 0"),
      [`metadata.uid is "nope"; must be a UUID`, "metadata.version is 0; must be at least 1"],
    ],
    [
      deployment("", `name: iris, labels: { "a b": c }`),
      ["metadata.labels.a b has a key that is not allowed; must be a label key such as team or example.com/team"],
    ],
    [deployment("", "name: iris, annotations: { a: 1 }"), ["metadata.annotations.a is 1; must be a text"]],
    [deployment("", `name: iris, title: "a\\0b"`), ["metadata.title holds a character that is not text"]],
    [deployment("type: ABTest"), [`spec.type "ABTest" is not built yet; allowed: Regular`]],
    [deployment("type: Shadow"), [`spec.type is "Shadow"; allowed: Regular`]],
    [deployment("environment: prod"), [`spec.environment is "prod"; allowed: development, staging, production`]],
    [deployment("colour: red, shape: round"), ["spec.colour is not a known field", "spec.shape is not a known field"]],
    [deployment("running: maybe"), [`spec.running is "maybe"; must be true or false`]],
    [deployment("scaling: 3"), ["spec.scaling is 3; must be an object"]],
    [deployment("scaling: { replicas: -1 }"), ["spec.scaling.replicas is -1; must be at least 0"]],
    [deployment("scaling: { replicas: 1001 }"), ["spec.scaling.replicas is 1001; must be at most 1000"]],
    [deployment("scaling: { replicas: 1.5 }"), ["spec.scaling.replicas is 1.5; must be a whole number"]],
    [deployment("resources: { memory: 12Q }"), [`spec.resources.memory is "12Q"; ${MEMORY_RULE}`]],
    [deployment("resources: { memory: -1Mi }"), [`spec.resources.memory is "-1Mi"; ${MEMORY_RULE}`]],
    [deployment("resources: { memory: 0 }"), [`spec.resources.memory is 0; ${MEMORY_RULE}`]],
    [
      deployment("limits: { timeout: 1y }"),
      [`spec.limits.timeout is "1y"; must be a duration from 100ms to 10m such as 30s or 5m`],
    ],
    [
      deployment("limits: { timeout: 11m }"),
      [`spec.limits.timeout is "11m"; must be a duration from 100ms to 10m such as 30s or 5m`],
    ],
    [deployment("access: { visibility: hidden }"), [`spec.access.visibility is "hidden"; allowed: private, public`]],
    [
      `apiVersion: slipway.dev/v1\nkind: Deployment\nmetadata: { name: iris }\nspec: { variants: [] }`,
      ["spec.variants is an empty list; must hold exactly one variant for type Regular"],
    ],
    [
      variant(`{ model: { uri: "file:/a" } }, { name: b, model: { uri: "file:/b" } }`),
      ["spec.variants is a list of 2; must hold exactly one variant for type Regular"],
    ],
    [variant("{ model: { } }"), ["spec.variants.0.model.uri is missing; must be given, or registered instead"]],
    [
      variant("{ model: { uri: nope, format: pickle, sha256: zz } }"),
      [
        `spec.variants.0.model.uri is "nope"; must be a URI such as file:/models/iris.onnx`,
        `spec.variants.0.model.format is "pickle"; allowed: onnx`,
        `spec.variants.0.model.sha256 is "zz"; must be 64 hexadecimal digits in lower case`,
      ],
    ],
    [
      variant(`{ model: { uri: "https://ada:secret@models.example/iris" } }`),
      [expect.stringContaining("must not carry a user name or password")],
    ],
    [
      variant(`{ model: { uri: "file:/a", sample: { inputs: [] } } }`),
      ["spec.variants.0.model.sample.inputs is an empty list; must hold at least 1"],
    ],
    [
      server("replicas: x, capabilities: [1]"),
      [`spec.replicas is "x"; must be a number`, "spec.capabilities.0 is 1; must be a text"],
    ],
  ])("%j", (text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

test("a client token in a manifest is refused, because manifests are kept, and is not repeated", () => {
  const token = `slw_${"a".repeat(43)}`;
  const problems = told(deployment(`description: "use ${token}"`));
  expect(problems).toEqual(["spec.description holds a client token; manifests are kept in the history"]);
});

test("a password in a URI is not repeated in the answer", () => {
  expect(told(variant(`{ model: { uri: "https://ada:secret@models.example/iris" } }`)).join()).not.toContain("secret");
});

test.each(DEPLOYMENT_BLOCKS_NOT_BUILT.map((block) => [block]))("%s is refused by name as not built yet", (block) => {
  const path = block.replace("*", "0").split(".").slice(1);
  const spec: Record<string, unknown> = { variants: [{ model: { uri: "file:/m.onnx" } }] };
  let at: Record<string, unknown> = spec;
  for (const key of path.slice(0, -1)) {
    const inner: unknown = at[key] ?? {};
    at[key] = inner;
    if (typeof inner === "object" && inner !== null) at = Object.assign(inner);
  }
  at[path.at(-1) ?? ""] = {};
  const manifest = { apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name: "iris" }, spec };
  expect(told(JSON.stringify(manifest))).toEqual([`${["spec", ...path].join(".")} is not built yet`]);
});

test("the sentence tells the first problem and how many more there are, and the field of the first", () => {
  expect.assertions(2);
  try {
    parseManifests(deployment("colour: red, shape: round, running: 1"));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.message).toBe("spec.running is 1; must be true or false (and 2 more problems)");
    expect(error.field).toBe("spec.running");
  }
});

describe("what would exhaust the reader is refused like any other mistake", () => {
  const bomb = [
    "a: &a [1, 1]",
    ..."bcdefg".split("").map((key, n) => `${key}: &${key} [${`*${"abcdefg"[n]},`.repeat(10)}]`),
  ];
  test.each([
    ["brackets", "[".repeat(200_000)],
    ["braces", "{a: ".repeat(20_000)],
    ["dashes", `${"- ".repeat(50_000)}x`],
    ["a value that holds itself", "a: &x [*x]"],
    ["a value that holds itself deep inside", "kind: Model\nspec: &x { a: { b: *x } }"],
  ])("%s", (_name, text) => {
    expect(told(text)).toEqual(["is nested deeper than 64 levels"]);
  });
  test("anchors that multiply", () => {
    expect(told(bomb.join("\n"))).toEqual(["refers to its anchors too often"]);
  });
  test("too many documents", () => {
    const text = "a: 1\n---\n".repeat(MANIFEST_MAX_DOCUMENTS + 1);
    expect(told(text)).toEqual([expect.stringMatching(/^holds \d+ documents; at most 1000 are allowed$/)]);
  });
  test("too many bytes", () => {
    const oversized = () => parseManifests(`# ${"x".repeat(MANIFEST_MAX_BYTES)}`);
    expect(oversized).toThrow(expect.objectContaining({ code: "manifest/too_large" }));
  });
});

test("whatever the text, the answer is manifests or problems, never another error", () => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "-",
    "[",
    "]",
    "{",
    "}",
    "&x",
    "*x",
    "!",
    "|",
    ">",
    '"',
    "'",
    "#",
    "%",
    "?",
    "\t",
    "\u0000",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (text) => {
      expect(problemsOf(text.join("")).length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
