import type { IncomingMessage } from "node:http";
import { SlipwayError } from "@slipway/contracts";

/** The largest body that the API takes: a manifest at its limit, quoted as JSON, and something around it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** The deepest nesting of a JSON body. */
export const MAX_DEPTH = 32;

/** The whole body as bytes; refuses it as soon as it is known to be too large. */
export async function readBody(request: IncomingMessage, limitBytes = MAX_BODY_BYTES): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
    throw new SlipwayError("request/too_large", { limitBytes });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) throw new SlipwayError("request/too_large", { limitBytes });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A JSON object; an empty body is an empty object. Nesting is checked before anything is parsed. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const text = bytes.toString("utf8");
  if (isDeeperThan(text, MAX_DEPTH)) throw new SlipwayError("request/too_deep", { limit: MAX_DEPTH });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : "it cannot be parsed";
    throw new SlipwayError("request/malformed_json", { detail });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SlipwayError("request/invalid", { problem: "The body must be a JSON object." });
  }
  return Object.fromEntries(Object.entries(value));
}

/** Whether brackets outside of strings nest deeper than `limit`. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === "}" || character === "]") depth -= 1;
  }
  return false;
}
