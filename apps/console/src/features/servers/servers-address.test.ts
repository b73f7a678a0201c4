import { expect, test } from "vitest";
import { nextOrder, orderOf, pathOfServer, questionOf, writeOrder, writeQuestion } from "./servers-address.ts";

test("a server is pointed at on the page of the group that is looked at, where that page shows it", () => {
  const shared = { group: "platform", name: "onnx" };
  expect(pathOfServer(shared, "default")).toBe("/servers?server=platform%2Fonnx");
  expect(pathOfServer(shared, "growth", "scale")).toBe("/servers?group=growth&server=platform%2Fonnx&do=scale");
  expect(pathOfServer({ group: "other", name: "onnx" }, "growth")).toBe("/servers?group=other&server=other%2Fonnx");
  expect(pathOfServer({ group: "other", name: "onnx" }, "*")).toBe("/servers?group=*&server=other%2Fonnx");
});

test("an order comes back from its address as it was chosen, and nonsense is by name", () => {
  const written = (word: string) => {
    const parameters = new URLSearchParams("group=growth");
    writeOrder(parameters, orderOf(new URLSearchParams({ sort: word })));
    return parameters.toString();
  };
  expect(["-memory", "models", "-name", "name", "size", "--memory"].map(written)).toEqual([
    ...["group=growth&sort=-memory", "group=growth&sort=models", "group=growth&sort=-name"],
    ...["group=growth", "group=growth", "group=growth"],
  ]);
});

test("the head of a column turns its own order round, and of another figure shows the most first", () => {
  const byName = orderOf(new URLSearchParams());
  expect(nextOrder(byName, "name")).toEqual({ by: "name", isDown: true });
  expect(nextOrder(byName, "memory")).toEqual({ by: "memory", isDown: true });
  expect(nextOrder({ by: "memory", isDown: true }, "memory")).toEqual({ by: "memory", isDown: false });
});

test("a question comes back from its address as it was typed, and takes the place of the one before", () => {
  const parameters = new URLSearchParams("group=growth");
  expect(questionOf(parameters)).toBeNull();
  const typed = { memory: "2 G?", format: "onnx", replicas: "x" };
  writeQuestion(parameters, typed);
  expect(questionOf(parameters)).toEqual(typed);
  writeQuestion(parameters, { deployment: "iris" });
  expect(parameters.toString()).toBe("group=growth&fit=iris");
  expect(questionOf(new URLSearchParams("fit-memory=2Gi"))).toEqual({ memory: "2Gi", format: "onnx", replicas: "1" });
});
