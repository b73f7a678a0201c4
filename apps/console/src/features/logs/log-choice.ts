import type { LogLevel } from "@slipway/contracts";
import type { Search } from "./highlight.ts";

/** Which lines a person looks at, as the address says it. Empty words let everything through. */
export type LogChoice = { replica: string; run: string; level: LogLevel | ""; search: Search; line: string };

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
    level: LEVELS.find((level) => level === word("level")) ?? "",
    search: { text: word("q"), isPattern: word("regex") === "1", isCaseSensitive: word("case") === "1" },
    line: word("line"),
  };
}

/** An address with another choice; what goes without saying stays out of it, and what is not of the log stays in. */
export function withChoice(parameters: URLSearchParams, choice: LogChoice): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const { search } = choice;
  const words = {
    ...{ replica: choice.replica, run: choice.run, level: choice.level, q: search.text, line: choice.line },
    ...{ regex: search.isPattern ? "1" : "", case: search.isCaseSensitive ? "1" : "" },
  };
  for (const [name, value] of Object.entries(words)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** What the API is told of a choice, as far as it says which lines there are. */
export function filterOf({ replica, run, level }: LogChoice) {
  return {
    ...(replica === "" ? {} : { replica }),
    ...(run === "" ? {} : { run }),
    ...(level === "" ? {} : { level }),
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
