import { refusalsOf } from "./error-schema.ts";

const text = (name: string, place: "path" | "query", description: string) => ({
  ...{ name, in: place, description, required: place === "path", schema: { type: "string" as const } },
});

/** The one request whose body is no JSON; no procedure describes it. */
export const UPLOAD = {
  operationId: "registry-upload",
  summary: "Upload a model file as the next version",
  parameters: [
    text("name", "path", "Of the registered model, which is made when there is none"),
    text("group", "query", "The tenant; `default` if unsaid"),
    text("filename", "query", "What the file was called"),
    text("alias", "query", "An alias that stands for the new version from then on"),
    text("description", "query", "What is special about this version"),
  ],
  requestBody: { required: true, content: { "application/octet-stream": { schema: { type: "string" as const } } } },
  responses: {
    ...refusalsOf("change"),
    200: { description: "The version that it became, or that the same bytes were already" },
  },
};
