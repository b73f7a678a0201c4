import { SlipwayError } from "@slipway/contracts";
import { loadParameters } from "@slipway/inference";
import * as z from "zod";
import type { LoadRequest } from "./model-repository.ts";

/** What a model and its version may be called: safe in a URL, a file and a log. */
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

const loadBody = z.object({ parameters: loadParameters });
const unloadBody = z.object({ parameters: z.object({ version: z.string().optional() }).default({}) });

/** @throws SlipwayError request/invalid naming the field */
export function readLoadRequest(name: string, body: unknown): LoadRequest {
  const { version, path, sample, batching, memory_bytes: memoryBytes } = parse(loadBody, body).parameters;
  checkName("the model's name", name);
  checkName("parameters.version", version);
  return {
    name,
    version,
    path,
    declaredBytes: memoryBytes ?? null,
    batching: batching ?? "auto",
    sample: sample === undefined || typeof sample === "string" ? (sample ?? null) : JSON.stringify(sample),
  };
}

/** The version to unload; undefined = all. @throws SlipwayError request/invalid */
export function readUnloadVersion(body: unknown): string | undefined {
  return parse(unloadBody, body ?? {}).parameters.version;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new SlipwayError(
    "request/invalid",
    { problem: `${field || "The body"}: ${issue?.message ?? "is not valid"}` },
    { field },
  );
}

function checkName(what: string, name: string): void {
  if (!NAME_PATTERN.test(name)) {
    throw new SlipwayError("request/invalid", {
      problem: `${what} must be 1 to 253 letters, digits, dots, dashes and underscores, beginning with a letter or digit.`,
    });
  }
}
