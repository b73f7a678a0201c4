import type { ErrorBody } from "@slipway/contracts";
import * as z from "zod";

const problem = z.object({
  field: z.string(),
  message: z.string(),
  position: z.object({ line: z.int(), column: z.int() }).exactOptional().describe("Where in the text that was sent"),
});

/** The body of every error answer, as `toErrorBody` makes it. */
const errorBody = z.object({
  error: z.string().describe("What is wrong, in words"),
  code: z.string().describe("The same for the same kind of error, such as request/invalid"),
  field: z.string().exactOptional().describe("What of the input is wrong"),
  check: z.string().exactOptional().describe("What can be done about it"),
  problems: z.array(problem).exactOptional().describe("Each thing wrong with an input, when there are several"),
  requestId: z.string().describe("Also in the header x-request-id and in the logs"),
} satisfies Record<Exclude<keyof ErrorBody, "signature">, z.ZodType>);

const { $schema: _, ...schema } = z.toJSONSchema(errorBody, { io: "input" });

/** What an OpenAPI document says of errors, in place of what its generator takes for granted. */
export const ERROR_SCHEMA = { ...schema, title: "Error" };

/** How an operation that no procedure describes may be refused. */
export const REFUSALS = Object.fromEntries(
  [
    ["400", "BAD_REQUEST", "The input is not valid"],
    ["401", "UNAUTHORIZED", "Nobody is signed in"],
    ["403", "FORBIDDEN", "Not allowed to"],
    ["404", "NOT_FOUND", "There is no such object"],
    ["500", "INTERNAL_SERVER_ERROR", "Something failed inside"],
  ].map(([status, name, description]) => {
    const content = { "application/json": { schema: { $ref: `#/components/schemas/error.${name}` } } };
    return [status, { description, content }];
  }),
);
