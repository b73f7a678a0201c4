import type * as z from "zod";
import { CLIENT_TOKEN_PREFIX } from "./client-token.ts";
import { DEPLOYMENT_BLOCKS_NOT_BUILT } from "./deployment.ts";
import type { Problem } from "./errors.ts";
import { Problems } from "./problems.ts";

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
export function describeIssues(error: z.ZodError, value: unknown, prefix: readonly string[] = []): Problems {
  const problems = new Problems();
  for (const issue of error.issues) describeIssue(problems, issue, value, prefix);
  return problems;
}

/** Texts that must not be stored: with a zero character, half of a character, or a client's token. */
export function unstorableTexts(value: unknown): Problems {
  const problems = new Problems();
  findUnstorable(problems, value, []);
  return problems;
}

/** `path` is one list for the whole walk. */
function findUnstorable(problems: Problems, value: unknown, path: string[]): void {
  if (typeof value === "string") {
    if (CLIENT_TOKEN.test(value)) {
      const message = "holds a client token; manifests are kept in the history";
      problems.add(() => ({ field: path.join("."), message }));
    } else if (!isStorable(value)) {
      problems.add(() => ({ field: path.join("."), message: "holds a character that is not text" }));
    }
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!isStorable(key)) problems.add(() => ({ field: path.join("."), message: "has a key that is not text" }));
    path.push(key);
    findUnstorable(problems, inner, path);
    path.pop();
  }
}

/** Whether the database can keep a text as it is: no zero character, no half of a character. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

function describeIssue(problems: Problems, issue: z.core.$ZodIssue, value: unknown, prefix: readonly string[]): void {
  const path = () => [...prefix, ...issue.path.map(String)];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) problems.add(() => unknownField([...path(), key].join(".")));
    return;
  }
  const inner = issue.code === "invalid_union" ? firstOf(issue.errors.flat()) : undefined;
  if (inner !== undefined) {
    describeIssue(problems, { ...inner, path: [...issue.path, ...inner.path] }, value, prefix);
    return;
  }
  problems.add(() => {
    const field = path().join(".");
    return { field, message: complaint(issue, at(value, issue.path), field) };
  });
}

/** Of what each kind of value lacks to be allowed, what the kind that was meant lacks. */
function firstOf(issues: z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((one) => one.code !== "invalid_type") ?? issues[0];
}

function complaint(issue: z.core.$ZodIssue, given: unknown, field: string): string {
  switch (issue.code) {
    case "invalid_type":
      return given === undefined ? "is required" : `is ${show(given)}; ${ruleOf(issue)}`;
    case "invalid_value":
      if (field === "spec.type" && (given === "ABTest" || given === "ChampionChallenger")) {
        return `${show(given)} is not built yet; allowed: Regular`;
      }
      return `is ${given === undefined ? "required" : show(given)}; ${ruleOf(issue)}`;
    case "invalid_union":
      return `is ${show(given)}`;
    case "invalid_key":
      return `has a key that is not allowed; ${lowerFirst(issue.issues[0]?.message ?? "")}`;
    default:
      return `is ${show(given)}; ${ruleOf(issue)}`;
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
