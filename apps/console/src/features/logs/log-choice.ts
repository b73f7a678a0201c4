import type { LogLevel } from "@slipway/contracts";
import type { Search } from "./highlight.ts";

/** Which lines a person looks at, as the address says it. Empty words let everything through. */
export type LogChoice = {
  replica: string;
  run: string;
  level: LogLevel | "";
  /** ISO times; lines from the one to the other, both included. */
  since: string;
  until: string;
  search: Search;
  line: string;
};

/** The choice that narrows nothing but by what is looked for. */
export const ALL_LINES = { replica: "", run: "", level: "", since: "", until: "" } as const;

/** Whether lines are left out, whatever is looked for. */
export function isNarrowed({ replica, run, level, since, until }: LogChoice): boolean {
  return [replica, run, level, since, until].some((word) => word !== "");
}

export const LEVEL_WORDS: { readonly [Level in LogLevel]: string } = {
  debug: "Debug",
  info: "Info",
  warn: "Warning",
  error: "Error",
};
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The choice that an address stands for. */
export function choiceOf(parameters: { get(name: string): string | null }): LogChoice {
  const word = (name: string) => parameters.get(name) ?? "";
  return {
    replica: word("replica"),
    run: word("run"),
    since: momentOf(word("since")),
    until: momentOf(word("until")),
    level: LEVELS.find((level) => level === word("level")) ?? "",
    search: { text: word("q"), isPattern: word("regex") === "1", isCaseSensitive: word("case") === "1" },
    line: word("line"),
  };
}

/** A time as addresses have it; nothing for what is none. */
function momentOf(word: string): string {
  const atMs = Date.parse(word);
  return Number.isNaN(atMs) ? "" : new Date(atMs).toISOString();
}

/** An address with another choice; what goes without saying stays out of it, and what is not of the log stays in. */
export function withChoice(parameters: URLSearchParams, choice: LogChoice): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const { search } = choice;
  const words = {
    ...{ replica: choice.replica, run: choice.run, level: choice.level, since: choice.since, until: choice.until },
    ...{ q: search.text, line: choice.line },
    ...{ regex: search.isPattern ? "1" : "", case: search.isCaseSensitive ? "1" : "" },
  };
  for (const [name, value] of Object.entries(words)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** What the API is told of a choice, as far as it says which lines there are. */
export function filterOf({ replica, run, level, since, until }: LogChoice) {
  return {
    ...(replica === "" ? {} : { replica }),
    ...(run === "" ? {} : { run }),
    ...(level === "" ? {} : { level }),
    ...(since === "" ? {} : { since }),
    ...(until === "" ? {} : { until }),
  };
}

/** The address that hands out the lines as a file: all of them, or those of the choice. */
export function downloadPath(
  { group, name }: { group: string; name: string },
  format: "text" | "ndjson",
  choice: LogChoice | null,
): string {
  const parameters = new URLSearchParams({ group, tail: "all", format, download: "true" });
  if (choice !== null) {
    for (const [key, value] of Object.entries(filterOf(choice))) parameters.set(key, value);
    const { text, isPattern, isCaseSensitive } = choice.search;
    if (text !== "") parameters.set("search", text);
    if (text !== "" && isPattern) parameters.set("regex", "true");
    if (text !== "" && isCaseSensitive) parameters.set("caseSensitive", "true");
  }
  return `/api/v1/deployments/${encodeURIComponent(name)}/logs?${parameters}`;
}
