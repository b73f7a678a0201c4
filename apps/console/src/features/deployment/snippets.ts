import type { TokenMethod } from "@slipway/contracts";
import { type CurlParts, curlLine, endpointOf } from "../deployments/curl-line.ts";

export const LANGUAGES = ["curl", "python", "javascript", "cli"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A first call of a deployment that can be pasted and run, with a request that its model accepts. */
export function snippetOf(language: Language, parts: CurlParts): string {
  switch (language) {
    case "curl":
      return curlLine(parts);
    case "python":
      return pythonSnippet(parts);
    case "javascript":
      return javascriptSnippet(parts);
    case "cli":
      return cliSnippet(parts);
    default:
      return language satisfies never;
  }
}

type TokenCall = Pick<CurlParts, "gatewayUrl" | "group" | "name"> & {
  token: string;
  methods: readonly TokenMethod[];
  /** Undefined while none is known. */
  sample: string | undefined;
};

/** A call with a token that was just made: one that its scope allows; null while no such call can be written. */
export function callWithToken({ token, methods, sample, ...parts }: TokenCall): string | null {
  if (methods.includes("infer") && sample !== undefined) return curlLine({ ...parts, isPublic: false, sample, token });
  if (!methods.includes("metadata")) return null;
  return `curl ${endpointOf(parts)}/v2/models/${parts.name} \\\n  -H "Authorization: Bearer ${token}"`;
}

function pythonSnippet(parts: CurlParts): string {
  return [
    "import json",
    ...(parts.isPublic ? [] : ["import os"]),
    "import urllib.request",
    "",
    `body = ${pythonLiteral(JSON.parse(parts.sample))}`,
    "request = urllib.request.Request(",
    `    "${inferUrl(parts)}",`,
    "    data=json.dumps(body).encode(),",
    `    headers={"Content-Type": "application/json"${
      parts.isPublic ? "" : ', "Authorization": "Bearer " + os.environ["TOKEN"]'
    }},`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(json.load(response))",
  ].join("\n");
}

function javascriptSnippet(parts: CurlParts): string {
  return [
    `const response = await fetch("${inferUrl(parts)}", {`,
    '  method: "POST",',
    `  headers: { "Content-Type": "application/json"${
      parts.isPublic ? "" : ', Authorization: "Bearer " + process.env.TOKEN'
    } },`,
    `  body: JSON.stringify(${parts.sample}),`,
    "});",
    "console.log(await response.json());",
  ].join("\n");
}

function cliSnippet({ name, group, sample }: CurlParts): string {
  const inGroup = group === "default" ? "" : ` --group ${group}`;
  return `npx slipway infer ${name}${inGroup} -d '${sample.replaceAll("'", `'\\''`)}'`;
}

function inferUrl(parts: CurlParts): string {
  return `${endpointOf(parts)}/v2/models/${parts.name}/infer`;
}

/** A JSON value as Python writes it. */
export function pythonLiteral(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}: ${pythonLiteral(inner)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}
