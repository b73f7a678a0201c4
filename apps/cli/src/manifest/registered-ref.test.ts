import { expect, test } from "vitest";
import { parseRegisteredRef } from "./registered-ref.ts";

test("a registered model is named alone, with a version, or with an alias", () => {
  expect(parseRegisteredRef("iris")).toEqual({ name: "iris" });
  expect(parseRegisteredRef("iris:12")).toEqual({ name: "iris", version: 12 });
  expect(parseRegisteredRef("iris@live")).toEqual({ name: "iris", alias: "live" });
});

test.each(["", "Iris", "iris:", "iris:0", "iris:x", "iris@", "iris@Live", "iris:1@live"])("%j is refused", (text) => {
  expect(() => parseRegisteredRef(text)).toThrow("NAME, NAME:VERSION or NAME@ALIAS is allowed");
});
