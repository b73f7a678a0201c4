import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";
import { type ListQuery, listAddress, readListQuery } from "./list-query.ts";

/** Typing faster than this asks the server once. */
const SETTLE_MS = 150;

export type QueryHandle = {
  /** What the page shows in its controls; behind typing by a moment. */
  query: ListQuery;
  /** What the server is asked for and the address says: the same, once typing has settled. */
  settled: ListQuery;
  /** Another choice; the browser's back button returns to the one before. */
  choose: (next: ListQuery) => void;
  /** Another search, letter by letter. The field itself has the letters; the page follows when it has the time. */
  type: (search: string) => void;
  /** Becomes another whenever the search became another in another way than by typing. */
  searchSetAnew: number;
};

/**
 * What the list shows. It stands in the address, without a page load. The query itself is kept here: the router tells of the
 * address too late to type against.
 */
export function useListQuery(): QueryHandle {
  const parameters = useSearchParams();
  const [query, setQuery] = useState(() => readListQuery(parameters));
  const [settled, setSettled] = useState(query);
  const [searchSetAnew, setSearchAnew] = useState(0);
  const [, startTransition] = useTransition();
  const written = useRef(listAddress(query));
  /** What has been typed, also what no frame shows yet. */
  const typed = useRef(query.search);
  const latest = useRef(query);
  latest.current = query;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the router's parameters only say when to look
  useEffect(() => {
    // The address bar itself, for what the router says may already be behind it.
    const now = readListQuery(new URLSearchParams(window.location.search));
    if (listAddress(now) === written.current) return;
    // Somebody else changed it: a link, or the browser's own buttons.
    written.current = listAddress(now);
    typed.current = now.search;
    setQuery(now);
    setSettled(now);
    setSearchAnew((times) => times + 1);
  }, [parameters]);

  /** Puts what has been typed into the address, in place of what stood there a moment ago. */
  const writeTyped = useCallback((now: ListQuery) => {
    const address = listAddress(now);
    if (address === written.current) return;
    written.current = address;
    window.history.replaceState(null, "", address);
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => {
      writeTyped(query);
      startTransition(() => setSettled(query));
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [query, writeTyped]);

  const choose = useCallback(
    (next: ListQuery) => {
      const before = { ...latest.current, search: typed.current };
      writeTyped(before);
      // A choice of something else leaves the search as it has been typed by now.
      const whole = next.search === latest.current.search ? { ...next, search: typed.current } : next;
      typed.current = whole.search;
      written.current = listAddress(whole);
      window.history.pushState(null, "", written.current);
      setQuery(whole);
      setSettled(whole);
      if (whole.search !== before.search) setSearchAnew((times) => times + 1);
    },
    [writeTyped],
  );
  const type = useCallback((search: string) => {
    typed.current = search;
    startTransition(() => setQuery((before) => ({ ...before, search })));
  }, []);
  return { query, settled, choose, type, searchSetAnew };
}
