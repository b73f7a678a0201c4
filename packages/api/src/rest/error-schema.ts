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

/** Under which name it stands among the schemas of the document. */
export const ERROR_NAME = "error";

/** What each status of a refusal means, as far as one sentence can say it; the code of the body says the rest. */
const MEANINGS = {
  400: "The input is not valid",
  401: "Nobody is signed in",
  403: "Not allowed to",
  404: "There is no such object",
  408: "The body did not arrive in time",
  409: "Somebody changed it, the name is taken, or something uses it",
  413: "The body is too large",
  422: "The manifest, or what it asks for, is not valid",
  429: "Too much at once; send it again in a moment",
  500: "Something failed inside",
  502: "What is behind it broke off",
  503: "What it needs does not answer at the moment",
  504: "What it needs did not answer in time",
  507: "There is no room on the disk",
} as const;

/** What any request may be answered, and what one that brings something may be answered besides. */
const OF_READS = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504] as const;
const OF_CHANGES = [...OF_READS, 408, 413, 507] as const;

/** How an operation may be refused: each status with the one body that all errors have. */
export function refusalsOf(kind: "read" | "change") {
  const content = { "application/json": { schema: { $ref: `#/components/schemas/${ERROR_NAME}` } } };
  const statuses = kind === "read" ? OF_READS : OF_CHANGES;
  return Object.fromEntries(statuses.map((status) => [status, { description: MEANINGS[status], content }]));
}
