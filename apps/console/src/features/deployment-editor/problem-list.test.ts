import { expect, test } from "vitest";
import { formProblems, listWords, standingProblems, wordsAt } from "./problem-list.ts";

const problem = (field: string, message: string, line = 1) => ({ field, message, position: { line, column: 1 } });

test("each problem stands at its field in the API's own words", () => {
  const problems = formProblems([problem("spec.scaling.replicas", "is -1; must be at least 0")], { state: "free" });
  expect(wordsAt(problems, "replicas")).toBe("Is -1; must be at least 0.");
  expect(wordsAt(problems, "memory")).toBe("");
  expect(problems.map(listWords)).toEqual(["Replicas: Is -1; must be at least 0."]);
});

test("what the form has no field for is told with its path and line", () => {
  const problems = formProblems([problem("spec.strategy", "is not built yet", 7)], { state: "none" });
  expect(problems.map(listWords)).toEqual(["Line 7: spec.strategy is not built yet."]);
});

test("a name that is taken is told once, in the words that come with a proposal", () => {
  const refused = { state: "refused", problem: "There is one already.", proposal: "iris-2" } as const;
  const problems = formProblems([problem("metadata.name", "There is a Deployment named iris already.")], refused);
  expect(problems.map(listWords)).toEqual(["Name: There is one already."]);
});

test("a field that is empty is required, however many rules that breaks", () => {
  const empty = ['is ""; must have at least 1 character', 'is ""; must be a URI such as file:/models/iris.onnx'];
  const problems = formProblems(
    empty.map((message) => problem("spec.variants.0.model.uri", message)),
    { state: "none" },
  );
  expect(problems.map(listWords)).toEqual(["Address of the model: Is required."]);
});

test("an answer about the text before says nothing of what was changed since, and all of the rest", () => {
  const model = (uri: string) => ({ spec: { variants: [{ name: "main", model: { uri } }] } });
  const asked = { metadata: { name: "" }, ...model("") };
  const problems = [problem("metadata.name", "a"), problem("spec.variants.0.model.uri", "b"), problem("", "c")];
  const left = (now: typeof asked) => standingProblems(problems, asked, now).map(({ message }) => message);
  expect(left(asked)).toEqual(["a", "b", "c"]);
  expect(left({ ...asked, metadata: { name: "iris" } })).toEqual(["b", "c"]);
  expect(left({ ...asked, ...model("file:///m.onnx") })).toEqual(["a", "c"]);
});
