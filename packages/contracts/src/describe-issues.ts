import type * as z from "zod";
import { CLIENT_TOKEN_PREFIX } from "./client-token.ts";
import { DEPLOYMENT_BLOCKS_NOT_BUILT } from "./deployment.ts";
import type { Problem } from "./errors.ts";

const CLIENT_TOKEN = new RegExp(`${CLIENT_TOKEN_PREFIX}[A-Za-z0-9_-]{43}`);

/** What people call the types of JSON. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Turns a schema's complaints into one sentence a field: what was given and what is allowed. */
export function describeIssues(error: z.ZodError, value: unknown, prefix: readonly string[] = []): Problem[] {
  return error.issues.flatMap((issue) => describeIssue(issue, value, prefix));
}

/** Texts that must not be stored: with a zero character, half of a character, or a client's token. */
export function unstorableTexts(value: unknown, path: readonly string[] = []): Problem[] {
  if (typeof value === "string") {
    const field = path.join(".");
    if (CLIENT_TOKEN.test(value))
      return [{ field, message: "holds a client token; manifests are kept in the history" }];
    const storable = !value.includes("\u0000") && value.isWellFormed();
    return storable ? [] : [{ field, message: "holds a character that is not text" }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.includes("\u0000") ? [{ field: path.join("."), message: "has a key that is not text" }] : []),
    ...unstorableTexts(inner, [...path, key]),
  ]);
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, prefix: readonly string[]): Problem[] {
  const path = [...prefix, ...issue.path.map(String)];
  const field = path.join(".");
  const given = at(value, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField([...path, key].join(".")));
    case "invalid_type":
      return [{ field, message: given === undefined ? "is required" : `is ${show(given)}; ${ruleOf(issue)}` }];
    case "invalid_value":
      if (field === "spec.type" && (given === "ABTest" || given === "ChampionChallenger")) {
        return [{ field, message: `${show(given)} is not built yet; allowed: Regular` }];
      }
      return [{ field, message: `is ${given === undefined ? "required" : show(given)}; ${ruleOf(issue)}` }];
    case "invalid_union": {
      const inner = issue.errors.flat().find((one) => one.code !== "invalid_type") ?? issue.errors.flat()[0];
      if (inner === undefined) return [{ field, message: `is ${show(given)}` }];
      return describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, value, prefix);
    }
    case "invalid_key":
      return [{ field, message: `has a key that is not allowed; ${lowerFirst(issue.issues[0]?.message ?? "")}` }];
    default:
      return [{ field, message: `is ${show(given)}; ${ruleOf(issue)}` }];
  }
}

/** The rule that a value breaks, in words. Messages that a schema of ours gives are words already. */
export function ruleOf(issue: z.core.$ZodIssue): string {
  const own = !/^(Too|Invalid)\b/.test(issue.message);
  if (own) return lowerFirst(issue.message);
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `allowed: ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${amount(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `must ${amount(issue.origin, "at most", issue.maximum)}`;
    case "invalid_format":
      return `must be a ${issue.format === "uuid" ? "UUID" : issue.format}`;
    default:
      return lowerFirst(issue.message);
  }
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  switch (origin) {
    case "string":
      return `have ${bound} ${limit} character${limit === 1 ? "" : "s"}`;
    case "array":
      return `hold ${bound} ${limit}`;
    default:
      return `be ${bound} ${limit}`;
  }
}

function unknownField(field: string): Problem {
  const pattern = field.replace(/\.\d+\./g, ".*.");
  const planned = DEPLOYMENT_BLOCKS_NOT_BUILT.includes(pattern);
  return { field, message: planned ? "is not built yet" : "is not a known field" };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** A value as a sentence can carry it. */
function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  // A password that stands where it must not is not said again.
  const text = typeof value === "string" ? `"${value.replace(/:\/\/[^/?#]*@/, "://...@")}"` : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
