import { Button } from "@slipway/ui/button";
import { exactTime } from "@slipway/ui/format-time";
import { Icon } from "@slipway/ui/icon";
import { SearchField } from "@slipway/ui/search-field";
import { useTimeZone } from "@slipway/ui/time-zone";
import type { KeyboardEvent, ReactNode } from "react";
import { LEVEL_WORDS, type LogChoice } from "./log-choice.ts";
import type { LogSearching } from "./use-log-search.ts";
import type { Logs } from "./use-logs.ts";

type Choose = (change: Partial<LogChoice>) => void;

/** What is looked for, how often it is found, and the way from one place to the next. */
export function LogSearchBar({
  choice,
  choose,
  searching,
  current,
}: {
  choice: LogChoice;
  choose: Choose;
  searching: LogSearching;
  current: string;
}) {
  const { search } = choice;
  const from = searching.match?.line ?? (current === "" ? null : current);
  const change = (part: Partial<LogChoice["search"]>) => choose({ search: { ...search, ...part } });
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter") {
      event.preventDefault();
      searching.find(event.shiftKey ? "older" : "newer", from);
    } else if (event.key === "Escape" && search.text !== "") {
      event.preventDefault();
      change({ text: "" });
    }
  }
  const isFound = (searching.match?.count ?? 0) > 0;
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search the log"
        className="min-w-0 flex-1 basis-64"
        value={search.text}
        maxLength={500}
        onChange={({ target }) => change({ text: target.value })}
        onKeyDown={onKeyDown}
      />
      <Toggle isOn={search.isCaseSensitive} label="Match case" onChange={(isOn) => change({ isCaseSensitive: isOn })}>
        Aa
      </Toggle>
      <Toggle isOn={search.isPattern} label="Regular expression" onChange={(isOn) => change({ isPattern: isOn })}>
        .*
      </Toggle>
      <p role="status" className="min-w-16 text-ink-soft text-sm tabular-nums">
        {matchWords(search.text, searching)}
      </p>
      <Button disabled={!isFound} aria-label="Previous match" onClick={() => searching.find("older", from)}>
        <Icon name="up" />
      </Button>
      <Button disabled={!isFound} aria-label="Next match" onClick={() => searching.find("newer", from)}>
        <Icon name="down" />
      </Button>
    </search>
  );
}

function matchWords(text: string, { match, isSearching, failure }: LogSearching): string {
  if (text === "" || failure !== null) return "";
  if (match === null) return isSearching ? "Searching" : "";
  if (match.count === 0) return "Not found";
  return `${match.position ?? 1} of ${match.count.toLocaleString("en-GB")}`;
}

/** Which replica, run and severity. */
export function LogFilters({ choice, choose, logs }: { choice: LogChoice; choose: Choose; logs: Logs }) {
  const zone = useTimeZone();
  const timeWords = [choice.since, choice.until]
    .map((at, end) => (at === "" ? "" : `${end === 0 ? "from" : "to"} ${exactTime(at, zone)}`))
    .filter((words) => words !== "")
    .join(" ");
  return (
    <>
      <Choice label="Replica" value={choice.replica} onChange={(replica) => choose({ replica })}>
        <option value="">All replicas</option>
        {withChosen(
          logs.replicas.map(({ name }) => name),
          choice.replica,
        ).map((name) => (
          <option key={name} value={name}>
            {name}
            {logs.replicas.find((replica) => replica.name === name)?.isHere === false ? " (gone)" : ""}
          </option>
        ))}
      </Choice>
      <Choice label="Run" value={choice.run} onChange={(run) => choose({ run })}>
        <option value="">All runs</option>
        <option value="current">Current run</option>
        <option value="previous">Previous run</option>
        {withChosen(
          logs.runs.map(({ id }) => id),
          choice.run === "current" || choice.run === "previous" ? "" : choice.run,
        ).map((id) => (
          <option key={id} value={id}>
            {runWords(id, logs)}
          </option>
        ))}
      </Choice>
      <Choice
        label="Level"
        value={choice.level}
        onChange={(level) =>
          choose({ level: level === "debug" || level === "info" || level === "warn" || level === "error" ? level : "" })
        }
      >
        <option value="">All levels</option>
        <option value="info">{LEVEL_WORDS.info} and above</option>
        <option value="warn">{LEVEL_WORDS.warn} and above</option>
        <option value="error">{LEVEL_WORDS.error} only</option>
      </Choice>
      {choice.since === "" && choice.until === "" ? null : (
        <Button onClick={() => choose({ since: "", until: "" })} aria-label={`All times, not only ${timeWords}`}>
          <Icon name="cross" />
          {timeWords}
        </Button>
      )}
    </>
  );
}

/** A choice from an address stays one that can be seen, whether or not it is among those that there are. */
function withChosen(names: readonly string[], chosen: string): string[] {
  return chosen === "" || names.includes(chosen) ? [...names] : [...names, chosen];
}

function runWords(id: string, { runs }: Logs): string {
  const run = runs.find((candidate) => candidate.id === id);
  if (run === undefined) return "A run that is no longer kept";
  const started = new Date(run.startedAtMs).toISOString().slice(0, 19).replace("T", " ");
  return `${run.replica}, from ${started} UTC${run.exit === null ? "" : `, ended ${run.exit}`}`;
}

function Choice({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <label className="min-w-0">
      <span className="sr-only">{label}</span>
      <select
        value={value}
        onChange={({ target }) => onChange(target.value)}
        className="min-h-9 w-full max-w-56 cursor-pointer rounded-md border border-outline bg-surface px-2 py-1.5 text-ink text-sm"
      >
        {children}
      </select>
    </label>
  );
}

/** A switch that looks like a button; its state is said and shown by more than colour. */
export function Toggle({
  isOn,
  label,
  onChange,
  children,
}: {
  isOn: boolean;
  label: string;
  onChange: (isOn: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Button
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={() => onChange(!isOn)}
      className={`min-w-9 font-mono ${isOn ? "border-accent text-accent underline decoration-2 underline-offset-4" : ""}`}
    >
      {children}
    </Button>
  );
}
