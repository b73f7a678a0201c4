import { useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { type ListQuery, listAddress, readListQuery } from "./list-query.ts";

/** Typing faster than this asks the server once. */
const SETTLE_MS = 150;

export type QueryHandle = {
  /** What the page shows in its controls. */
  query: ListQuery;
  /** What the server is asked for: the same, once typing has settled. */
  settled: ListQuery;
  /** Another choice; the browser's back button returns to the one before. */
  choose: (next: ListQuery) => void;
  /** Another search, letter by letter. */
  type: (search: string) => void;
};

/**
 * What the list shows. It stands in the address at once, without a page load. The query itself is kept here: the router tells
 * of the address too late to type against.
 */
export function useListQuery(): QueryHandle {
  const parameters = useSearchParams();
  const [query, setQuery] = useState(() => readListQuery(parameters));
  const [settled, setSettled] = useState(query);
  const written = useRef(listAddress(query));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the router's parameters only say when to look
  useEffect(() => {
    // The address bar itself, for what the router says may already be behind it.
    const now = readListQuery(new URLSearchParams(window.location.search));
    if (listAddress(now) === written.current) return;
    // Somebody else changed it: a link, or the browser's own buttons.
    written.current = listAddress(now);
    setQuery(now);
    setSettled(now);
  }, [parameters]);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [query]);
  return {
    query,
    settled,
    choose(next) {
      setQuery(next);
      setSettled(next);
      written.current = listAddress(next);
      window.history.pushState(null, "", written.current);
    },
    type(search) {
      const next = { ...query, search };
      setQuery(next);
      written.current = listAddress(next);
      window.history.replaceState(null, "", written.current);
    },
  };
}
