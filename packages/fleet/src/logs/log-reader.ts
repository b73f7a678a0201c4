import { LOG_RUNS, type LogAnswer, type LogPage, type LogQuery, type LogRun, type LogSearch } from "@slipway/contracts";
import { findMatch } from "./find-match.ts";
import { FoundLines, isAmong } from "./found-lines.ts";
import { ModelNumbers } from "./line-index.ts";
import type { LogSource } from "./log-scope.ts";
import { measureVolume } from "./measure-volume.ts";
import { ProcessLog } from "./process-log.ts";
import { readPage } from "./read-page.ts";
import { runId, type View, viewsOf } from "./visible-lines.ts";

/** The most lines whose places are kept in mind, of all logs together: about 25 bytes each. */
const MAX_INDEXED_LINES = 4_000_000;

export type LogQuestion = { sources: readonly LogSource[]; modelUids: readonly string[] | null; query: LogQuery };

/** Answers questions about logs. Keeps where their lines are, not what they say. */
export class LogReader {
  readonly #numbers = new ModelNumbers();
  /** The log used last is the last one. */
  readonly #logs = new Map<string, ProcessLog>();
  readonly #found = new FoundLines();

  /**
   * `onIndexed` is called when what was written since the last question has been taken in.
   * @throws request/invalid for a pattern, a cursor or an id that is none
   */
  answer({ sources, modelUids, query }: LogQuestion, onIndexed: () => void = () => undefined): LogAnswer {
    const logs = sources.map((source) => ({ source, log: this.#open(source.path) }));
    onIndexed();
    this.#forgetBeyond(sources.length);
    const views = viewsOf(logs, modelUids, query.filter, this.#numbers);
    if (query.want === "match") return { is: "match", match: findMatch(views, query, this.#found) };
    const { search } = query.filter;
    if (query.want === "volume") {
      const found = search === undefined ? null : this.#found.of(views, search);
      return { is: "volume", volume: measureVolume(views, found, query) };
    }
    const found = search === undefined ? views : this.#onlyFound(views, search);
    const whole = viewsOf(logs, modelUids, {}, this.#numbers);
    return { is: "page", page: { ...readPage(found, query), replicas: replicasOf(whole), runs: runsOf(whole) } };
  }

  #open(path: string): ProcessLog {
    const log = this.#logs.get(path) ?? new ProcessLog(path, this.#numbers);
    log.refresh();
    this.#logs.delete(path);
    this.#logs.set(path, log);
    return log;
  }

  /** Views of those lines alone in which something is found. */
  #onlyFound(views: readonly View[], search: LogSearch): View[] {
    const found = this.#found.of(views, search);
    return views.map((view, at) => ({ ...view, isVisible: (line) => isAmong(found[at] ?? [], line) }));
  }

  #forgetBeyond(inUse: number): void {
    let lines = [...this.#logs.values()].reduce((sum, { index }) => sum + index.count, 0);
    for (const [path, { index }] of this.#logs) {
      if (lines <= MAX_INDEXED_LINES || this.#logs.size <= inUse) return;
      lines -= index.count;
      this.#logs.delete(path);
    }
  }
}

/** The replicas whose lines the reader sees, with one entry each. */
function replicasOf(views: readonly View[]): LogPage["replicas"] {
  const found = new Map<string, boolean>();
  for (const { source } of views) found.set(source.replica, source.isHere);
  return [...found].map(([name, isHere]) => ({ name, isHere })).sort((left, right) => compare(left.name, right.name));
}

/** The newest runs of the model servers, the newest first. */
function runsOf(views: readonly View[]): LogRun[] {
  return views
    .filter(({ source }) => source.process === "model-server")
    .flatMap(({ source, log }) =>
      log.index.runs.map((run, at, runs) => {
        // What nobody saw end has ended at the latest when the next one began.
        const next = runs[at + 1];
        const endedAtMs = run.endedAtMs ?? next?.startedAtMs ?? null;
        const exit = run.exit ?? (next === undefined ? null : "how is not known");
        const { startedAtMs } = run;
        return { id: runId(source, run), source: source.id, replica: source.replica, startedAtMs, endedAtMs, exit };
      }),
    )
    .sort((left, right) => right.startedAtMs - left.startedAtMs)
    .slice(0, LOG_RUNS);
}

function compare(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
