import { useEffect, useState } from "react";

/** The time of day, renewed every so often; the server's own in the first frame, so that both draw the same. */
export function useNow(initialMs: number, everyMs: number): number {
  const [nowMs, setNowMs] = useState(initialMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
