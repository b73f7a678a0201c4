import { useEffect, useRef, useState } from "react";
import { describeChanges, type SpokenRow } from "./describe-changes.ts";

/** No more than one announcement in this time, or a screen reader never falls silent. */
const ANNOUNCE_EVERY_MS = 5_000;

/** The text of the polite live region: what changed since it last spoke. `key` begins anew, as another search does. */
export function useAnnouncement(rows: readonly SpokenRow[], key: string): string {
  const [text, setText] = useState("");
  const latest = useRef(rows);
  latest.current = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key alone decides when a comparison begins anew
  useEffect(() => {
    let told = latest.current;
    const timer = setInterval(() => {
      const changes = describeChanges(told, latest.current);
      told = latest.current;
      if (changes !== "") setText(changes);
    }, ANNOUNCE_EVERY_MS);
    return () => clearInterval(timer);
  }, [key]);
  return text;
}
