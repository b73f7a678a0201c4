import { expect, test } from "vitest";
import { SlipwayError } from "./errors.ts";
import { placeOf } from "./locate-field.ts";
import { parseManifests } from "./manifest.ts";
import { yamlDocuments } from "./yaml-documents.ts";

const TEXT = `# what we serve
apiVersion: slipway.dev/v1
kind: Deployment
metadata:
  name: iris
  labels:
    example.com/team: growth
    example.com: short
spec:
  variants:
    - name: main
      model: { uri: "file:///iris.onnx" }
`;

function place(text: string, field: string): string | null {
  const [document] = yamlDocuments(text);
  if (document === undefined || !document.ok) throw new Error("not a document");
  const position = placeOf(document.places, field);
  return position === null ? null : `${position.line}:${position.column}`;
}

test("a field is found at its value, in lists and in flow form too", () => {
  expect(place(TEXT, "metadata.name")).toBe("5:9");
  expect(place(TEXT, "spec.variants.0.model.uri")).toBe("12:21");
  expect(place(TEXT, "spec.variants")).toBe("10:3");
});

test("a key that holds dots is found as the longest that fits", () => {
  expect(place(TEXT, "metadata.labels.example.com/team")).toBe("7:23");
  expect(place(TEXT, "metadata.labels.example.com")).toBe("8:18");
});

test("a field that is not there is told at the nearest parent that is", () => {
  expect(place(TEXT, "spec.scaling.replicas")).toBe("9:1");
  expect(place(TEXT, "spec.variants.0.model.sha256")).toBe("12:7");
});

test("each problem of a text carries its place, counted over all documents", () => {
  const text = `${TEXT}---\n${TEXT.replace("name: iris", "name: Iris").replace("# what we serve", "# another")}`;
  const error = (() => {
    try {
      return parseManifests(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  if (!(error instanceof SlipwayError)) throw error;
  expect(error.problems).toMatchObject([{ field: "document 2: metadata.name", position: { line: 18, column: 9 } }]);
  expect(() => parseManifests("a: [1\nb: 2")).toThrowError(
    expect.objectContaining({ problems: [expect.objectContaining({ position: { line: 2, column: 1 } })] }),
  );
});
