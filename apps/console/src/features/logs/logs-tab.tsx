import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { Notice } from "@slipway/ui/notice";
import { Skeleton } from "@slipway/ui/skeleton";
import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Failure } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "../deployment/deployment-details.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { markerOf } from "./highlight.ts";
import { ALL_LINES, choiceOf, isNarrowed, type LogChoice, withChoice } from "./log-choice.ts";
import { LogDownload } from "./log-download.tsx";
import { LogList } from "./log-list.tsx";
import { LogFilters, LogSearchBar, Toggle } from "./log-toolbar.tsx";
import { LogVolume } from "./log-volume.tsx";
import { useLogSearch } from "./use-log-search.ts";
import { useLogVolume } from "./use-log-volume.ts";
import { type Logs, useLogs } from "./use-logs.ts";

/** No more than one announcement in this time, or a screen reader never falls silent. */
const ANNOUNCE_EVERY_MS = 5_000;

/** How long after a change of what is looked at the address says so. */
const ADDRESS_AFTER_MS = 200;

/** What the replicas of a deployment wrote, as it comes. */
export function LogsTab({ details }: { details: DeploymentDetails }) {
  const key = { group: details.group, name: details.name };
  const { choice, choose } = useChoice();
  const [isFollowing, setFollowing] = useState(choice.line === "");
  const [isWrapped, setWrapped] = useState(true);
  const [current, setCurrent] = useState(choice.line);
  const [wanted, setWanted] = useState<{ id: string } | null>(choice.line === "" ? null : { id: choice.line });
  const logs = useLogs(key, choice, isFollowing);
  const { window } = logs;

  async function goToLine(id: string) {
    setFollowing(false);
    if (!(await logs.goToLine(id))) return;
    setCurrent(id);
    setWanted({ id });
    choose({ line: id });
  }
  async function goToOldest() {
    setFollowing(false);
    const id = await logs.goToStart();
    if (id !== null) setWanted({ id });
  }
  async function follow() {
    if (!(await logs.goToEnd())) return;
    setFollowing(true);
    choose({ line: "" });
  }
  const searching = useLogSearch(key, choice, (line) => void goToLine(line));
  const marker = useMemo(
    () => (searching.answered === null ? null : markerOf(searching.answered)),
    [searching.answered],
  );
  const volume = useLogVolume(key, choice, searching.answered);
  const news = useNews(logs, isFollowing);

  if (logs.failure !== null) return <Unreadable failure={logs.failure} />;
  return (
    <section aria-label="Logs" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div>
        <LogSearchBar {...{ choice, choose, searching, current }} />
        <FailureNotice failure={searching.failure} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <LogFilters {...{ choice, choose, logs }} />
        <Toggle isOn={isWrapped} label="Wrap long lines" onChange={setWrapped}>
          Wrap
        </Toggle>
        <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0">
          <Button onClick={() => (isFollowing ? setFollowing(false) : void follow())}>
            <Icon name={isFollowing ? "pause" : "down"} />
            {isFollowing ? "Pause" : "Follow"}
          </Button>
          <LogDownload of={key} choice={choice} />
        </div>
      </div>
      {volume === null ? (
        <Skeleton className="h-32 w-full" />
      ) : (
        <LogVolume
          volume={volume}
          isOfMatches={searching.answered !== null}
          currentMs={window?.lines.find(({ id }) => id === current)?.atMs ?? null}
          onGo={(line) => void goToLine(line)}
          onNarrow={(times) => {
            setFollowing(true);
            choose({ ...times, line: "" });
          }}
        />
      )}
      {logs.interruption === null ? null : <Interrupted failure={logs.interruption} />}
      <div className="relative overflow-hidden rounded-xl border border-line">
        {window === null ? (
          <Skeleton className="h-96 w-full" />
        ) : window.lines.length === 0 ? (
          <NoLines isNarrowed={isNarrowed(choice)} choose={choose} />
        ) : (
          <LogList
            {...{ lines: window.lines, current, marker, isWrapped, isFollowing, wanted }}
            onCurrent={setCurrent}
            onLeaveEnd={() => setFollowing(false)}
            onNearStart={logs.readOlder}
            onNearEnd={() => (window.isEnd ? undefined : logs.readNewer())}
            onHome={() => void goToOldest()}
            onEnd={() => void follow()}
            linkOf={(line) =>
              `${location.origin}${location.pathname}?${withChoice(new URLSearchParams(location.search), { ...choice, line })}`
            }
          />
        )}
        {isFollowing ? null : (
          <Button look="primary" onClick={() => void follow()} className="absolute right-4 bottom-4 shadow-md">
            <Icon name="down" />
            {news === 0 ? "Newest lines" : `${news.toLocaleString("en-GB")} new ${news === 1 ? "line" : "lines"}`}
          </Button>
        )}
      </div>
      <Announcement logs={logs} />
    </section>
  );
}

/** The choice that the address begins with, and that it follows: a browser takes fewer changes of it than a person types. */
function useChoice() {
  const parameters = useSearchParams();
  const [choice, setChoice] = useState(() => choiceOf(parameters));
  useEffect(() => {
    const timer = setTimeout(() => {
      const { pathname, search } = window.location;
      const query = withChoice(new URLSearchParams(search), choice).toString();
      if (query !== search.slice(1))
        window.history.replaceState(null, "", query === "" ? pathname : `${pathname}?${query}`);
    }, ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [choice]);
  return { choice, choose: (change: Partial<LogChoice>) => setChoice((held) => ({ ...held, ...change })) };
}

/** How many lines have come since the end was left. */
function useNews({ window }: Logs, isFollowing: boolean): number {
  const left = useRef<string | null>(null);
  const lines = window?.lines ?? [];
  const last = lines.at(-1)?.id ?? null;
  if (isFollowing || left.current === null) left.current = last;
  if (isFollowing || window?.isEnd !== true) return 0;
  const at = lines.findLastIndex(({ id }) => id === left.current);
  return at === -1 ? 0 : lines.length - 1 - at;
}

function NoLines({ isNarrowed, choose }: { isNarrowed: boolean; choose: (change: Partial<LogChoice>) => void }) {
  return (
    <div className="grid justify-items-center gap-3 bg-surface p-10 text-center text-ink-soft">
      <p>
        {isNarrowed ? "No line is like that." : "No lines yet. They appear here as soon as a replica loads the model."}
      </p>
      {isNarrowed ? <Button onClick={() => choose(ALL_LINES)}>Show all lines</Button> : null}
    </div>
  );
}

function Interrupted({ failure }: { failure: Failure }) {
  return (
    <div role="status">
      <Notice tone="warn" title={whyNot(failure)}>
        <p>The lines below stay. New ones come from where these end, as soon as it answers again.</p>
      </Notice>
    </div>
  );
}

function Unreadable({ failure }: { failure: Failure }) {
  return (
    <Notice tone="bad" title={whyNot(failure)}>
      <p>{failure.check === "" ? "It is tried again by itself." : failure.check}</p>
    </Notice>
  );
}

function whyNot({ code, words }: Failure): string {
  return code === "scheduler/no_leader" || code === "scheduler/not_leader"
    ? "No scheduler leads at the moment, so logs cannot be read."
    : words;
}

/** Says now and then how many lines came, never the lines themselves. */
function Announcement({ logs: { window } }: { logs: Logs }) {
  const [words, setWords] = useState("");
  const latest = useRef(window);
  latest.current = window;
  useEffect(() => {
    let told = latest.current?.lines.at(-1)?.id;
    const timer = setInterval(() => {
      const lines = latest.current?.lines ?? [];
      const at = lines.findLastIndex(({ id }) => id === told);
      const count = at === -1 ? 0 : lines.length - 1 - at;
      told = lines.at(-1)?.id;
      if (count > 0) setWords(`${count} new ${count === 1 ? "line" : "lines"}.`);
    }, ANNOUNCE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
