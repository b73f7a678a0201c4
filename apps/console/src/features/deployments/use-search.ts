import { useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";

const SEARCH_PARAMETER = "search";
/** Typing faster than this asks the server once. */
const SETTLE_MS = 150;

/**
 * What is searched for. It stands in the URL at once, without a page load, and is asked for when typing settles. The text
 * itself is kept here: the router tells of the URL too late to type against.
 */
export function useSearch(): { typed: string; settled: string; type: (text: string) => void } {
  const parameters = useSearchParams();
  const [typed, setTyped] = useState(() => searchOf(parameters));
  const [settled, setSettled] = useState(typed);
  const written = useRef(typed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the router's parameters only say when to look
  useEffect(() => {
    // The address bar itself, for what the router says may already be behind it.
    const now = searchOf(new URLSearchParams(window.location.search));
    if (now === written.current) return;
    // Somebody else changed it: a link, or the browser's own buttons.
    written.current = now;
    setTyped(now);
  }, [parameters]);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return {
    typed,
    settled,
    type(text) {
      setTyped(text);
      written.current = text;
      window.history.replaceState(null, "", withSearch(window.location, text));
    },
  };
}

function searchOf(parameters: Pick<URLSearchParams, "get">): string {
  return parameters.get(SEARCH_PARAMETER) ?? "";
}

/** The same address with another search. */
export function withSearch({ pathname, search }: Pick<Location, "pathname" | "search">, text: string): string {
  const parameters = new URLSearchParams(search);
  if (text === "") parameters.delete(SEARCH_PARAMETER);
  else parameters.set(SEARCH_PARAMETER, text);
  const query = parameters.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}
