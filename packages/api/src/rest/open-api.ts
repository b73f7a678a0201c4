import { generateOpenApiDocument } from "trpc-to-openapi";
import * as z from "zod";
import type { AppRouter } from "../root.ts";
import { ERROR_NAME, ERROR_SCHEMA, refusalsOf } from "./error-schema.ts";
import { readDefinition } from "./rest-routes.ts";
import { STREAMS } from "./stream-operations.ts";
import { UPLOAD } from "./upload-operation.ts";

const inputSchema = z.object({
  properties: z.record(z.string(), z.object({ description: z.string().optional() })).default({}),
  required: z.array(z.string()).default([]),
});
const withInput = z.object({ inputs: z.array(z.instanceof(z.ZodType)).min(1) });

/** The REST surface in OpenAPI 3.1, made from the very procedures that answer. */
export function describeApi(root: AppRouter, publicUrl: string) {
  const document = generateOpenApiDocument(root, {
    title: "Slipway",
    version: "1",
    description: "Deploys machine-learning models and keeps them served.",
    baseUrl: `${publicUrl}/api/v1`,
  });
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      if (operation === undefined) continue;
      // The generator tells of some errors; which there are is known here.
      operation.responses = { ...operation.responses, ...refusalsOf(operation === item.get ? "read" : "change") };
      const input = describeInput(root, operation.operationId ?? "");
      for (const parameter of operation.parameters ?? []) {
        if ("$ref" in parameter || parameter.in === "path") continue;
        // The generator takes a field that may be left out for one that must be there, and drops what is said of it.
        parameter.required = input.required.includes(parameter.name);
        const description = input.properties[parameter.name]?.description;
        if (description !== undefined) parameter.description = description;
      }
    }
  }
  const path = "/registry/models/{name}/versions";
  const paths = { ...document.paths, ...STREAMS, [path]: { ...document.paths?.[path], put: UPLOAD } };
  const schemas = Object.keys(document.components?.schemas ?? {}).map((name) => [
    name,
    name.startsWith("error.") ? ERROR_SCHEMA : document.components?.schemas?.[name],
  ]);
  const named = { ...Object.fromEntries(schemas), [ERROR_NAME]: ERROR_SCHEMA };
  return { ...document, paths, components: { ...document.components, schemas: named } };
}

/** What the input of a procedure is made of, by its operation's id: `metrics-deployment`. */
function describeInput(root: AppRouter, operationId: string): z.output<typeof inputSchema> {
  const procedure = Object.entries(root._def.procedures).find(([name]) => name.replaceAll(".", "-") === operationId);
  const read = withInput.safeParse(readDefinition(procedure?.[1]));
  const [schema] = read.success ? read.data.inputs : [];
  if (schema === undefined) return { properties: {}, required: [] };
  return inputSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
}
