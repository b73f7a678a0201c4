import type { LogMatch } from "@slipway/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { type Failure, failureOf } from "../../trpc/failure.ts";
import type { Search } from "./highlight.ts";
import { filterOf, type LogChoice } from "./log-choice.ts";
import type { LogsKey } from "./use-logs.ts";

/** How long typing rests before it is searched for. */
const REST_MS = 250;

export type LogSearching = {
  /** What was found last; null while nothing is looked for or the first answer is on its way. */
  match: LogMatch | null;
  failure: Failure | null;
  isSearching: boolean;
  /** The search that `match` answers: only what the platform got through with is tried on the page. */
  answered: Search | null;
  /** Goes to the next place where it is found, from a line on or from the end. */
  find(direction: "older" | "newer", from: string | null): void;
};

/** Searches all lines that a choice lets through, where they are kept; `onFound` gets the line to show. */
export function useLogSearch(key: LogsKey, choice: LogChoice, onFound: (line: string) => void): LogSearching {
  const { group, name } = key;
  const { text, isPattern, isCaseSensitive } = choice.search;
  const filter = JSON.stringify(filterOf(choice));
  const [found, setFound] = useState<{ match: LogMatch; answered: Search } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSearching, setSearching] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const show = useRef(onFound);
  show.current = onFound;

  const find = useCallback(
    (direction: "older" | "newer", from: string | null) => {
      abort.current?.abort();
      const mine = new AbortController();
      abort.current = mine;
      if (text === "") return;
      setSearching(true);
      const input = {
        ...{ kind: "deployments", group, name, ...JSON.parse(filter), search: text, direction },
        ...{ regex: isPattern ? "true" : "false", caseSensitive: isCaseSensitive ? "true" : "false" },
        ...(from === null ? {} : { from }),
      } as const;
      trpc.logs.match
        .query(input, { signal: mine.signal })
        .then((match) => {
          if (mine.signal.aborted) return;
          setFound({ match, answered: { text, isPattern, isCaseSensitive } });
          setFailure(null);
          if (match.line !== null) show.current(match.line);
        })
        .catch((error: unknown) => {
          if (!mine.signal.aborted) setFailure(failureOf(error));
        })
        .finally(() => {
          if (abort.current === mine) setSearching(false);
        });
    },
    [group, name, filter, text, isPattern, isCaseSensitive],
  );

  useEffect(() => {
    setFound(null);
    setFailure(null);
    setSearching(text !== "");
    const timer = setTimeout(() => find("older", null), REST_MS);
    return () => {
      clearTimeout(timer);
      abort.current?.abort();
    };
  }, [find, text]);

  return { match: found?.match ?? null, answered: found?.answered ?? null, failure, isSearching, find };
}
