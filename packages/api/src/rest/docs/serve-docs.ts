import type { ServerResponse } from "node:http";
import { DOCS_STYLE } from "./docs-style.ts";
import { readOperations } from "./read-operations.ts";
import { DOCS_PATH, DOCS_STYLE_PATH, renderDocs } from "./render-docs.ts";

/** The page runs nothing and loads nothing but its own style. */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Answers the reference page and its style; false for any other path. `describe` gives the OpenAPI document. */
export function serveDocs(response: ServerResponse, path: string, describe: () => unknown): boolean {
  switch (path) {
    case DOCS_PATH:
      send(response, "text/html; charset=utf-8", renderDocs(readOperations(describe())));
      return true;
    case DOCS_STYLE_PATH:
      send(response, "text/css; charset=utf-8", DOCS_STYLE);
      return true;
    default:
      return false;
  }
}

function send(response: ServerResponse, contentType: string, text: string): void {
  response.writeHead(200, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(text),
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
  response.end(text);
}
