import {
  isStorableTime,
  LOG_SEARCH_LENGTH,
  type LogFilter,
  type LogSearch,
  logLevel,
  SlipwayError,
} from "@slipway/contracts";
import * as z from "zod";
import { refInput } from "./inputs.ts";

/** A yes or no, as a program or an address says it. */
const yesOrNo = z.enum(["true", "false"]).default("false");
const time = z.string().max(40).describe("ISO time, or back from now: -15m, -2h, -7d");

/** Which object's lines, and which of them. */
export const logFilterInput = refInput.extend({
  replica: z.string().max(1_000).exactOptional().describe("Names such as onnx-0, with commas; unsaid = all"),
  run: z
    .string()
    .max(200)
    .exactOptional()
    .describe("current, previous, or the id of a run of a model server; unsaid = all runs and processes"),
  level: logLevel.exactOptional().describe("The least severity; lines that do not say theirs pass as info"),
  since: time.exactOptional(),
  until: time.exactOptional(),
});

/** What is looked for in the lines. */
export const logSearchInput = {
  search: z.string().min(1).max(LOG_SEARCH_LENGTH).describe("Text, or a regular expression with regex=true"),
  regex: yesOrNo.describe("Whether it is a regular expression"),
  caseSensitive: yesOrNo.describe("Whether capital and small letters differ"),
};

/** Only the lines in which something is found, when something is looked for. */
export const logFilterWithSearchInput = logFilterInput.extend({
  ...logSearchInput,
  search: logSearchInput.search.exactOptional(),
});

/** The filter that an input stands for. @throws request/invalid for a time that is none */
export function filterOf(input: z.output<typeof logFilterInput>, nowMs: number): LogFilter {
  const { replica, run, level, since, until } = input;
  const replicas = replica?.split(",").filter((name) => name !== "");
  return {
    ...(replicas === undefined || replicas.length === 0 ? {} : { replicas }),
    ...(run === undefined || run === "" ? {} : { run }),
    ...(level === undefined ? {} : { level }),
    ...(since === undefined ? {} : { sinceMs: timeOf("since", since, nowMs) }),
    ...(until === undefined ? {} : { untilMs: timeOf("until", until, nowMs) }),
  };
}

type YesOrNo = z.output<typeof yesOrNo>;
type Search = { search: string; regex: YesOrNo; caseSensitive: YesOrNo };

export function searchOf({ search, regex, caseSensitive }: Search): LogSearch {
  return { text: search, isPattern: regex === "true", isCaseSensitive: caseSensitive === "true" };
}

/** The same, of an input that may look for nothing. */
export function filterWithSearchOf(input: z.output<typeof logFilterWithSearchInput>, nowMs: number): LogFilter {
  const { search } = input;
  return { ...filterOf(input, nowMs), ...(search === undefined ? {} : { search: searchOf({ ...input, search }) }) };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function timeOf(field: string, text: string, nowMs: number): number {
  const [, count, unit] = /^-(\d{1,6})([smhd])$/.exec(text) ?? [];
  const back = count !== undefined && unit !== undefined ? Number(count) * (UNIT_MS[unit] ?? 0) : null;
  const atMs = back === null ? Date.parse(text) : nowMs - back;
  if (isStorableTime(atMs)) return atMs;
  const problem = `${field} must be an ISO time, or back from now such as -15m, -2h or -7d.`;
  throw new SlipwayError("request/invalid", { problem }, { field });
}
