import type { LogPage } from "@slipway/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { type Failure, failureOf } from "../../trpc/failure.ts";
import { filterOf, type LogChoice } from "./log-choice.ts";
import { addNewer, addOlder, beginWindow, type LogWindow, MAX_LINES } from "./log-window.ts";

/** How often new lines are asked for. A page asks and goes, so that open tabs hold no connections. */
const ASK_EVERY_MS = 1_000;
const ASK_AGAIN_MS = 3_000;
const PAGE_LINES = 500;

/** Where lines can begin anew. */
type Start = { from: "newest" | "oldest" } | { line: string };
type Place = Start | { before: string } | { after: string };
export type LogsKey = { group: string; name: string };

export type Logs = {
  /** Null until the first page is there. */
  window: LogWindow | null;
  replicas: LogPage["replicas"];
  runs: LogPage["runs"];
  /** Why the first page is not there. */
  failure: Failure | null;
  /** Why new lines do not come at the moment; what is shown stays. */
  interruption: Failure | null;
  readOlder(): void;
  readNewer(): void;
  /** Shows the oldest lines; resolves with the id of the first one, or null when they are not shown. */
  goToStart(): Promise<string | null>;
  /** Shows the stretch that holds a line; resolves with whether it is shown. */
  goToLine(id: string): Promise<boolean>;
  /** Shows the newest lines; resolves with whether they are shown. */
  goToEnd(): Promise<boolean>;
};

/**
 * The lines that a choice lets through: a stretch that grows at both ends, each line once. Of several places that were asked
 * for, the last one is shown; an earlier one that is still on its way is not, nor is one that cannot be read. While `isLive`, new lines are
 * asked for; a platform that does not answer is asked again from where the lines ended.
 */
export function useLogs(key: LogsKey, choice: LogChoice, isLive: boolean): Logs {
  const { group, name } = key;
  const filter = JSON.stringify(filterOf(choice));
  const [window, setWindow] = useState<LogWindow | null>(null);
  const [about, setAbout] = useState<Pick<LogPage, "replicas" | "runs">>({ replicas: [], runs: [] });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [interruption, setInterruption] = useState<Failure | null>(null);
  const latest = useRef<LogWindow | null>(null);
  const isBusy = useRef(false);
  /** What was asked for while another page was on its way. */
  const waiting = useRef<"older" | "newer" | null>(null);
  /** Goes up when the lines begin anew, so that an answer to what was asked before is not put among them. */
  const turn = useRef(0);
  /** Whether a place was asked for that is not shown yet. */
  const isMoving = useRef(false);

  const read = useCallback(
    async (place: Place) => {
      const page = await trpc.logs.page.query({
        ...{ kind: "deployments", group, name, limit: PAGE_LINES },
        ...JSON.parse(filter),
        ...place,
      });
      setAbout((held) => (isSame(held, page) ? held : { replicas: page.replicas, runs: page.runs }));
      return page;
    },
    [group, name, filter],
  );
  const show = useCallback((next: LogWindow | null) => {
    latest.current = next;
    setWindow(next);
  }, []);

  const moveTo = useCallback(
    async (place: Start): Promise<LogPage | null> => {
      turn.current += 1;
      const mine = turn.current;
      isMoving.current = true;
      try {
        const page = await read(place);
        if (mine !== turn.current) return null;
        isMoving.current = false;
        show(beginWindow(page));
        setFailure(null);
        setInterruption(null);
        return page;
      } catch (error) {
        if (mine !== turn.current) return null;
        isMoving.current = false;
        // A line that is no longer kept leads to the newest ones; anything else is said.
        if ("line" in place && failureOf(error).code === "request/invalid") return moveTo({ from: "newest" });
        if (latest.current === null) setFailure(failureOf(error));
        else setInterruption(failureOf(error));
        return null;
      }
    },
    [read, show],
  );

  const goToStart = useCallback(async () => (await moveTo({ from: "oldest" }))?.lines[0]?.id ?? null, [moveTo]);
  const goToLine = useCallback(
    async (line: string): Promise<boolean> => {
      if (!isMoving.current && latest.current?.lines.some(({ id }) => id === line) === true) return true;
      return (await moveTo({ line })) !== null;
    },
    [moveTo],
  );
  const goToEnd = useCallback(async (): Promise<boolean> => {
    // What is shown now does not count while another place is on its way.
    if (!isMoving.current && latest.current?.isEnd === true) return true;
    return (await moveTo({ from: "newest" })) !== null;
  }, [moveTo]);

  /** Puts a page at an end; one at a time. */
  const extend = useCallback(
    async (end: "older" | "newer") => {
      const held = latest.current;
      const cursor = held?.[end] ?? null;
      if (held === null || cursor === null) return;
      if (isBusy.current) {
        // Nobody asks again who has come to an end and scrolls no further.
        if (end === "older" || waiting.current === null) waiting.current = end;
        return;
      }
      const mine = turn.current;
      isBusy.current = true;
      try {
        const page = await read(end === "older" ? { before: cursor } : { after: cursor });
        setInterruption(null);
        if (mine !== turn.current) return;
        if (end === "older") show(addOlder(held, page));
        else if (page.lines.length > 0 || page.isEnd !== held.isEnd) show(addNewer(held, page));
        else if (page.newer !== held.newer) latest.current = { ...held, newer: page.newer };
      } catch (error) {
        setInterruption(failureOf(error));
      } finally {
        isBusy.current = false;
      }
      const next = waiting.current;
      waiting.current = null;
      if (next !== null && mine === turn.current) await extend(next);
    },
    [read, show],
  );

  const firstLine = useRef(choice.line);
  useEffect(() => {
    show(null);
    setFailure(null);
    const line = firstLine.current;
    firstLine.current = "";
    void moveTo(line === "" ? { from: "newest" } : { line });
  }, [moveTo, show]);

  const isFailed = failure !== null;
  const isInterrupted = interruption !== null;
  useEffect(() => {
    const timer = setInterval(
      () => {
        const held = latest.current;
        if (document.visibilityState === "hidden") return;
        if (held === null) {
          if (isFailed) void moveTo({ from: "newest" });
        }
        // What somebody reads is not let go for lines that they do not look at yet.
        else if (isInterrupted || (held.isEnd && (isLive || held.lines.length < MAX_LINES))) void extend("newer");
      },
      isInterrupted || isFailed ? ASK_AGAIN_MS : ASK_EVERY_MS,
    );
    return () => clearInterval(timer);
  }, [extend, moveTo, isLive, isInterrupted, isFailed]);

  return {
    ...{ window, ...about, failure, interruption, goToStart, goToLine, goToEnd },
    readOlder: () => void extend("older"),
    readNewer: () => void extend("newer"),
  };
}

function isSame(held: Pick<LogPage, "replicas" | "runs">, page: LogPage): boolean {
  return JSON.stringify([held.replicas, held.runs]) === JSON.stringify([page.replicas, page.runs]);
}
