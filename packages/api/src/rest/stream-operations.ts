import { auditView, logLine } from "@slipway/contracts";
import * as z from "zod";
import { refusalsOf } from "./error-schema.ts";
import { exportQuery } from "./export-activity.ts";
import { logsQuery } from "./stream-logs.ts";

const inputSchema = z.object({
  properties: z.record(z.string(), z.looseObject({ description: z.string().default("") })),
  required: z.array(z.string()).default([]),
});

/** Each field of an input as a parameter of an address, in its path when the path has a place for it. */
function parametersOf(input: z.ZodType, path: string) {
  const { properties, required } = inputSchema.parse(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const place: "path" | "query" = path.includes(`{${name}}`) ? "path" : "query";
    return { name, in: place, description, required: required.includes(name), schema };
  });
}

/** An answer of lines, of which each of `application/x-ndjson` is a JSON object. */
function linesOf(description: string, object: z.ZodType, other: string) {
  const { $schema: _, ...schema } = z.toJSONSchema(object, { io: "output", unrepresentable: "any" });
  const text = { schema: { type: "string" as const } };
  return {
    ...refusalsOf("read"),
    200: { description, content: { "application/x-ndjson": { schema }, [other]: text } },
  };
}

const security = [{ Authorization: [] }];
const LOGS = "/{kind}/{name}/logs";

/** The requests that are answered line by line, which no procedure describes, by their paths. */
export const STREAMS = {
  [LOGS]: {
    get: {
      operationId: "logs-stream",
      summary: "Log lines while they come, or as a file: a JSON object a line, or text",
      parameters: parametersOf(logsQuery, LOGS),
      responses: linesOf("Lines, the oldest first; with follow=true until the reader leaves", logLine, "text/plain"),
      security,
    },
  },
  "/activity/export": {
    get: {
      operationId: "activity-export",
      summary: "The activity as a file: a JSON object a line, or CSV",
      parameters: parametersOf(exportQuery, "/activity/export"),
      responses: linesOf("Entries, the newest first", auditView, "text/csv"),
      security,
    },
  },
};
