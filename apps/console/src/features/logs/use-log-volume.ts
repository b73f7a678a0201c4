import type { LogVolume } from "@slipway/contracts";
import { useEffect, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import type { Search } from "./highlight.ts";
import { filterOf, type LogChoice } from "./log-choice.ts";
import type { LogsKey } from "./use-logs.ts";

/** As many bars as can be told apart on a small screen. */
const BARS = 60;
const ASK_EVERY_MS = 5_000;

/**
 * How many lines there are over time of those that a choice lets through, asked anew now and then; with a search that was
 * answered, only the lines that it found. Null until it is known; what is known stays while the platform does not answer.
 */
export function useLogVolume({ group, name }: LogsKey, choice: LogChoice, answered: Search | null): LogVolume | null {
  const [volume, setVolume] = useState<LogVolume | null>(null);
  const question = JSON.stringify({ ...filterOf(choice), ...(answered === null ? {} : searchOf(answered)) });
  useEffect(() => {
    const left = new AbortController();
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      trpc.logs.volume
        .query({ kind: "deployments", group, name, bars: BARS, ...JSON.parse(question) }, { signal: left.signal })
        .then((next) => setVolume((held) => (left.signal.aborted || isSame(held, next) ? held : next)))
        // The list of lines says so when the platform does not answer.
        .catch(() => undefined);
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      left.abort();
      clearInterval(timer);
    };
  }, [group, name, question]);
  return volume;
}

function searchOf({ text, isPattern, isCaseSensitive }: Search) {
  return { search: text, regex: isPattern ? "true" : "false", caseSensitive: isCaseSensitive ? "true" : "false" };
}

function isSame(held: LogVolume | null, next: LogVolume): boolean {
  return JSON.stringify(held) === JSON.stringify(next);
}
