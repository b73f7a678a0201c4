import * as z from "zod";

const described = z.object({ description: z.string().default("") });
const document = z.object({
  servers: z.array(z.object({ url: z.string() })).min(1),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        summary: z.string().default(""),
        parameters: z
          .array(
            described.extend({ name: z.string(), in: z.enum(["path", "query"]), required: z.boolean().default(false) }),
          )
          .default([]),
        requestBody: z
          .object({
            content: z.object({
              "application/json": z
                .object({
                  schema: z.object({
                    properties: z.record(z.string(), described).default({}),
                    required: z.array(z.string()).default([]),
                  }),
                })
                .optional(),
              "application/octet-stream": z.object({}).optional(),
            }),
          })
          .optional(),
      }),
    ),
  ),
});

/** Something that a caller gives with an operation. */
export type Field = { name: string; in: "path" | "query" | "body"; isRequired: boolean; description: string };
export type Operation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  fields: Field[];
  /** Its body is a file's bytes instead of fields. */
  takesFile: boolean;
};
/** Operations about one noun. */
export type OperationGroup = { name: string; operations: Operation[] };
export type ApiDescription = { baseUrl: string; groups: OperationGroup[] };

/** What a page shows of an OpenAPI document: its operations by the noun that their ids begin with. */
export function readOperations(given: unknown): ApiDescription {
  const { servers, paths } = document.parse(given);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, summary, parameters, requestBody }]): Operation => {
      const body = requestBody?.content["application/json"]?.schema ?? { properties: {}, required: [] };
      const fields = [
        ...parameters.map(({ required, ...parameter }) => ({ ...parameter, isRequired: required })),
        ...Object.entries(body.properties).map(([name, { description }]): Field => {
          return { name, description, in: "body", isRequired: body.required.includes(name) };
        }),
      ];
      const takesFile = requestBody?.content["application/octet-stream"] !== undefined;
      return { id: operationId, method: method.toUpperCase(), path, summary, fields, takesFile };
    }),
  );
  const byNoun = Map.groupBy(operations, ({ id }) => id.split("-", 1)[0] ?? "");
  const groups = [...byNoun].map(([name, some]) => ({ name, operations: some }));
  return { baseUrl: servers[0]?.url ?? "", groups: groups.toSorted((a, b) => a.name.localeCompare(b.name)) };
}

/** A command line that calls an operation, with a placeholder in capitals for whatever must be given. */
export function curlLine(baseUrl: string, { method, path, fields, takesFile }: Operation): string {
  const required = (place: Field["in"]) => fields.filter((field) => field.in === place && field.isRequired);
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const query = required("query").map(({ name }) => `${name}=${name.toUpperCase()}`);
  const url = `${baseUrl}${place}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const parts = ["curl", ...(method === "GET" ? [] : [`-X ${method}`]), `-H "Authorization: Bearer $SLIPWAY_TOKEN"`];
  const body = Object.fromEntries(required("body").map(({ name }) => [name, name.toUpperCase()]));
  if (fields.some((field) => field.in === "body")) {
    parts.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`);
  }
  if (takesFile) parts.push("--data-binary @FILE");
  return [...parts, `'${url}'`].join(" ");
}
