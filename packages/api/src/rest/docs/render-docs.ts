import { type ApiDescription, curlLine, type Field, type Operation, type OperationGroup } from "./read-operations.ts";

/** Where the page and its style are, below /api/v1. */
export const DOCS_PATH = "/api/v1/docs";
export const DOCS_STYLE_PATH = "/api/v1/docs.css";

/** The reference of the REST API as one page: no script, nothing from elsewhere, readable without its style. */
export function renderDocs({ baseUrl, groups }: ApiDescription): string {
  const contents = groups.map(({ name }) => `<li><a href="#${escapeHtml(name)}">${escapeHtml(titleOf(name))}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slipway API</title>
<link rel="stylesheet" href="${DOCS_STYLE_PATH}">
</head>
<body>
<header>
<h1>Slipway API</h1>
<p>Everything that the console and the command line do, over HTTP with JSON. Base address: <code>${escapeHtml(baseUrl)}</code>.
Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p>Send <code>Authorization: Bearer TOKEN</code>; on this machine the token stands in <code>credentials.json</code> of the data
directory. An error is <code>{ "error", "code", "field"?, "requestId" }</code> with a sentence that says what to do.</p>
<nav aria-label="Contents"><ul>${contents.join("")}</ul></nav>
</header>
<main>
${groups.map((group) => renderGroup(baseUrl, group)).join("\n")}
</main>
</body>
</html>
`;
}

function renderGroup(baseUrl: string, { name, operations }: OperationGroup): string {
  const id = escapeHtml(name);
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escapeHtml(titleOf(name))}</h2>
${operations.map((operation) => renderOperation(baseUrl, operation)).join("\n")}
</section>`;
}

function renderOperation(baseUrl: string, operation: Operation): string {
  const { id, method, path, summary, fields } = operation;
  return `<article aria-labelledby="op-${escapeHtml(id)}">
<h3 id="op-${escapeHtml(id)}"><code>${escapeHtml(method)} ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(summary)}</p>
${fields.length === 0 ? "" : `<dl>${fields.map(renderField).join("")}</dl>`}
<pre><code>${escapeHtml(curlLine(baseUrl, operation))}</code></pre>
</article>`;
}

function renderField({ name, in: place, isRequired, description }: Field): string {
  const kind = `${place}${isRequired ? ", required" : ""}`;
  return `<dt><code>${escapeHtml(name)}</code> <small>${kind}</small></dt><dd>${escapeHtml(description)}</dd>`;
}

/** `client-token` as a heading: `Client token`. */
function titleOf(name: string): string {
  const words = name
    .replaceAll(/([A-Z])/g, " $1")
    .replaceAll("-", " ")
    .toLowerCase();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
