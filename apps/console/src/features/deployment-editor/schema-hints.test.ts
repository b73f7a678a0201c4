import { Deployment } from "@slipway/contracts";
import { expect, test } from "vitest";
import * as z from "zod";
import { PATHS } from "./form-fields.ts";
import { schemaHints } from "./schema-hints.ts";

const hints = schemaHints({ ...z.toJSONSchema(Deployment.spec, { io: "input", unrepresentable: "any" }) });

test("the form says of each field of the spec what the schema says, and what counts when nothing is typed", () => {
  expect(hints[PATHS.replicas.join(".")]).toEqual({ help: "How many replicas of the model serve.", fallback: "1" });
  expect(hints[PATHS.timeout.join(".")]).toEqual({ help: "A request's deadline.", fallback: "30s" });
  expect(hints[PATHS.modelUri.join(".")]?.help).toBe("A file, or a folder with exactly one .onnx.");
});

test("no field of the form is one that the schema does not have", () => {
  for (const path of Object.values(PATHS)) {
    const field = path.join(".");
    if (path[0] === "spec" && !field.endsWith(".model")) expect(Object.keys(hints)).toContain(field);
  }
});
