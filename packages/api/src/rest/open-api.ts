import { generateOpenApiDocument } from "trpc-to-openapi";
import type { AppRouter } from "../root.ts";

/** The REST surface in OpenAPI 3.1, made from the very procedures that answer. */
export function describeApi(root: AppRouter, publicUrl: string) {
  return generateOpenApiDocument(root, {
    title: "Slipway",
    version: "1",
    description: "Deploys machine-learning models and keeps them served.",
    baseUrl: `${publicUrl}/api/v1`,
  });
}
