import { isDeepStrictEqual } from "node:util";
import { KIND_NAMES, type ManifestDocument, parseManifests, SlipwayError } from "@slipway/contracts";
import * as fc from "fast-check";
import { type Area, hold, inProcess } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { oddJson, oddText } from "../gen/odd-values.ts";
import { mustBeCallersFault } from "./callers-fault.ts";

const CORPUS = [
  `# of a person
apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: iris, group: default, title: "Iris", labels: { team: growth } }
spec:
  description: |
    Two
    lines
  variants: [{ name: main, model: { uri: "file:///models/iris.onnx" } }]
  resources: { memory: 200Mi }
  scaling: { replicas: 2 }
  limits: { timeout: 30s, bodySize: 20Mi, inFlightPerReplica: 64 }
  running: true
`,
  `apiVersion: slipway.dev/v1
kind: Model
metadata: &m { name: a }
spec: { uri: "file:///m" }
---
apiVersion: slipway.dev/v1
kind: Server
metadata: { name: b, labels: { <<: *m } }
spec: { serverConfig: onnx, replicas: 1 }
`,
  '{"apiVersion":"slipway.dev/v1","kind":"Deployment","metadata":{"name":"j"},"spec":{"variants":[{"model":{"uri":"file:///m.onnx"}}]}}',
];

/** A manifest in JSON whose fields hold what nobody meant. */
const structured = fc
  .record(
    {
      apiVersion: fc.oneof({ weight: 9, arbitrary: fc.constant("slipway.dev/v1") }, { weight: 1, arbitrary: oddJson }),
      kind: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KIND_NAMES) }, { weight: 1, arbitrary: oddText }),
      metadata: fc.oneof(
        fc.record({
          name: fc.oneof(fc.constant("iris"), oddText),
          title: oddJson,
          labels: oddJson,
          annotations: oddJson,
        }),
        oddJson,
      ),
      spec: fc.oneof(
        fc.record(
          {
            variants: fc.array(fc.record({ name: oddText, model: oddJson, weight: oddJson }), { maxLength: 2 }),
            resources: oddJson,
            scaling: oddJson,
            limits: oddJson,
            access: oddJson,
            running: oddJson,
          },
          { requiredKeys: [] },
        ),
        oddJson,
      ),
    },
    { requiredKeys: ["apiVersion", "kind"] },
  )
  .map((value) => Buffer.from(JSON.stringify(value)));

/** Many of one thing: where reading could cost the square of what is sent. */
const many = (most: number) =>
  fc
    .tuple(
      fc.constantFrom(
        (n: number) => `k${n}: ${n}\n`,
        (n: number) => `- &a${n} x\n`,
        (n: number) => `- {a: ${n}}\n`,
        () => "\n",
        () => " \t\n",
        () => "---\n",
        (n: number) => `# ${n}\n`,
        () => "[",
        () => "? - ",
        (n: number) => `"k${n}": {\n`,
        () => "*a,",
      ),
      fc.integer({ min: 1, max: most }),
    )
    .map(([line, times]) => Buffer.from(Array.from({ length: times }, (_, n) => line(n)).join("")));

export const manifests: Area = {
  name: "manifests",
  guarantee: "a manifest is refused with every problem at a place of its text, or read the same again as JSON",
  inputs: { long: 100_000, short: 300 },
  bytes: (isLong) =>
    fc.oneof(
      { weight: 40, arbitrary: mutated(CORPUS) },
      { weight: 30, arbitrary: structured },
      { weight: 10, arbitrary: many(400) },
      { weight: isLong ? 1 : 0, arbitrary: many(40_000) },
    ),
  open: inProcess((bytes) => {
    const text = bytes.toString("utf8");
    let read: ManifestDocument[];
    try {
      read = parseManifests(text);
    } catch (error) {
      mustBeCallersFault(error);
      mustBePlaced(error, text);
      return;
    }
    for (const { manifest } of read) {
      const value = { apiVersion: "slipway.dev/v1", ...manifest };
      const again = parseManifests(JSON.stringify(value)).map((one) => one.manifest);
      hold(isDeepStrictEqual(again, [manifest]), "a manifest reads the same again as JSON", () => [manifest, again]);
    }
  }),
};

function mustBePlaced(error: unknown, text: string): void {
  if (!(error instanceof SlipwayError)) return;
  const lines = text.split(/\r\n|\r|\n/);
  for (const { message, position } of error.problems ?? []) {
    hold(message !== "", "a problem has words");
    if (position === undefined) continue;
    const isInText = position.line >= 1 && position.line <= lines.length + 1 && position.column >= 1;
    hold(isInText, "a problem stands in the text that was sent", () => position);
  }
}
