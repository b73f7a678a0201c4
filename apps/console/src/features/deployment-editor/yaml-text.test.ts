import { parseManifests } from "@slipway/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PATHS, typedNumber, typedText } from "./form-fields.ts";
import { getIn, isEqual, setIn, type Tree } from "./manifest-value.ts";
import { readText, syncText } from "./yaml-text.ts";

const TEXT = `# what we serve
apiVersion: slipway.dev/v1
kind: Deployment
metadata:
  name: iris # by the garden team
  labels: { example.com/team: growth }
spec:
  variants:
    - model:
        uri: file:///iris.onnx # from the nightly build
  # two, since one was not enough
  scaling: { replicas: 2 }
`;

function read(text: string): Tree {
  const found = readText(text);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.value;
}

test("a field that the form changes changes in the text alone there: comments and order stay", () => {
  const changed = syncText(TEXT, setIn(read(TEXT), PATHS.replicas, 3));
  expect(changed).toBe(TEXT.replace("replicas: 2", "replicas: 3"));
  const moved = setIn(read(TEXT), PATHS.modelUri, "file:///other.onnx");
  expect(syncText(TEXT, moved)).toBe(TEXT.replace("file:///iris.onnx", "file:///other.onnx"));
  const grown = syncText(TEXT, setIn(read(TEXT), PATHS.memory, "1Gi"));
  for (const comment of TEXT.match(/#.*/g) ?? []) expect(grown).toContain(comment);
  expect(getIn(read(grown), PATHS.memory)).toBe("1Gi");
});

test("a text that says the same already is not touched, however it is written", () => {
  expect(syncText(TEXT, read(TEXT))).toBe(TEXT);
  const json = JSON.stringify(read(TEXT));
  expect(syncText(json, read(TEXT))).toBe(json);
});

test("form to text to form gives the same manifest, whatever is typed and whatever the text held besides", () => {
  const names = ["title", "description", "memory", "replicas", "visibility", "timeout", "labels"] as const;
  const typed = fc.oneof(
    fc.string().map(typedText),
    fc.string().map(typedNumber),
    fc.dictionary(fc.string(), fc.string()),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), typed), { maxLength: 6 }), (edits) => {
      const kept = setIn(read(TEXT), ["spec", "unknownToTheForm"], [1, { deep: true }]);
      const value = edits.reduce<Tree>((sum, [name, put]) => setIn(sum, PATHS[name], put), kept);
      const text = syncText(TEXT, value);
      expect(isEqual(read(text), value)).toBe(true);
    }),
  );
});

test("anchors that cannot be changed in one place are written out", () => {
  const text = "a: &same { x: 1 }\nb: *same\n";
  const value = { a: { x: 1 }, b: { x: 2 } };
  expect(read(syncText(text, value))).toEqual(value);
});

test("a text that cannot be read says where and why", () => {
  expect(readText("metadata:\n  name: [iris\nspec: 1")).toMatchObject({ ok: false, problems: [{ line: 3 }] });
  expect(readText("")).toMatchObject({ ok: false });
  expect(readText("just words")).toMatchObject({ ok: false });
  expect(readText("a: 1\n---\nb: 2")).toMatchObject({
    ok: false,
    problems: [{ message: "One manifest at a time belongs here." }],
  });
});

test("what the form writes for a new deployment is a manifest that the API takes", () => {
  const value = setIn({ ...read(TEXT) }, PATHS.memory, "200Mi");
  expect(parseManifests(syncText("", value))[0]?.manifest).toMatchObject({ metadata: { name: "iris" } });
});
