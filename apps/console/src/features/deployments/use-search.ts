import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";

const SEARCH_PARAMETER = "search";
/** Typing faster than this asks the server once. */
const SETTLE_MS = 150;

/** What is searched for. It stands in the URL at once, without a page load, and is asked for when typing settles. */
export function useSearch(): { typed: string; settled: string; type: (text: string) => void } {
  const parameters = useSearchParams();
  const typed = parameters.get(SEARCH_PARAMETER) ?? "";
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return {
    typed,
    settled,
    type(text) {
      window.history.replaceState(null, "", withSearch(window.location, text));
    },
  };
}

/** The same address with another search. */
export function withSearch({ pathname, search }: Pick<Location, "pathname" | "search">, text: string): string {
  const parameters = new URLSearchParams(search);
  if (text === "") parameters.delete(SEARCH_PARAMETER);
  else parameters.set(SEARCH_PARAMETER, text);
  const query = parameters.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}
