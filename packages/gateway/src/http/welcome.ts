import type { IncomingMessage, ServerResponse } from "node:http";

const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

/** Where the rest of the platform is, for somebody who finds this port alone. */
export type Welcome = { consoleUrl: string | undefined };

/**
 * Says what this port is, in HTML to a browser, in JSON to who asks for it, else as text. Tells nothing that depends on
 * what is deployed.
 */
export function answerWelcome({ consoleUrl }: Welcome, request: IncomingMessage, response: ServerResponse): void {
  const accept = request.headers.accept ?? "";
  if (accept.includes("text/html")) send(response, HTML, pageOf(consoleUrl));
  else if (accept.includes("application/json"))
    send(response, "application/json", `${JSON.stringify(factsOf(consoleUrl))}\n`);
  else send(response, TEXT, textOf(consoleUrl));
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

const BASE = "/serve/<group>/<deployment>";
const PATHS = [
  [`POST ${BASE}/v2/models/<deployment>/infer`, "one inference (Open Inference Protocol)"],
  [`GET ${BASE}/v2/models/<deployment>`, "what the model takes and gives"],
  [`GET ${BASE}/v2/health/ready`, "whether it is served"],
  [`POST ${BASE}/api/v1.0/predictions`, "the same by Seldon's first protocol"],
] as const;
const SUMMARY = "Slipway gateway: deployed models are called here.";
const CREDENTIAL = "Deployments that are not public need a token: Authorization: Bearer TOKEN (slipway token create).";
const DOCS = "apps/gateway/README.md";

function factsOf(consoleUrl: string | undefined) {
  return {
    name: "slipway-gateway",
    about: SUMMARY,
    paths: Object.fromEntries(PATHS),
    credential: CREDENTIAL,
    console: consoleUrl ?? null,
    docs: DOCS,
  };
}

function textOf(consoleUrl: string | undefined): string {
  const width = Math.max(...PATHS.map(([path]) => path.length));
  const paths = PATHS.map(([path, meaning]) => `  ${path.padEnd(width)}  ${meaning}`);
  const where = consoleUrl === undefined ? [] : [`Console: ${consoleUrl}`];
  return [SUMMARY, "", ...paths, "", CREDENTIAL, ...where, `Documentation: ${DOCS} in the checkout`, ""].join("\n");
}

function pageOf(consoleUrl: string | undefined): string {
  const rows = PATHS.map(
    ([path, meaning]) => `<tr><td><code>${escapeHtml(path)}</code></td><td>${escapeHtml(meaning)}</td></tr>`,
  );
  const where =
    consoleUrl === undefined ? "" : `<p>Console: <a href="${escapeHtml(consoleUrl)}">${escapeHtml(consoleUrl)}</a></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Slipway gateway</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem}td{padding:.25rem 1rem .25rem 0;vertical-align:top}</style>
</head><body><h1>Slipway gateway</h1><p>${escapeHtml(SUMMARY)}</p><table>${rows.join("")}</table>
<p>${escapeHtml(CREDENTIAL)}</p>${where}<p>Documentation: <code>${DOCS}</code> in the checkout.</p></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
