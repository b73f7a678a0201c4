import type { DeploymentRow } from "@slipway/contracts";
import { type RefObject, useEffect, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";

type Rate = NonNullable<DeploymentRow["rate"]>;

const EVERY_MS = 10_000;
/** As many uids as fit into an address. */
const AT_ONCE = 100;

/** Traffic of the last minute of the lines that are in sight, renewed every 10 s while the page is looked at. */
export function useRates(
  list: RefObject<HTMLElement | null>,
  rows: readonly DeploymentRow[],
  group: string,
): ReadonlyMap<string, Rate> {
  const [rates, setRates] = useState<ReadonlyMap<string, Rate>>(new Map());
  const inSight = useRef(new Set<string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines are other elements to look at
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const uid = target.getAttribute("data-uid") ?? "";
        if (isIntersecting) inSight.current.add(uid);
        else inSight.current.delete(uid);
      }
    });
    for (const line of list.current?.querySelectorAll("[data-uid]") ?? []) observer.observe(line);
    return () => {
      observer.disconnect();
      inSight.current.clear();
    };
  }, [list, rows.length, rows[0]?.uid, rows.at(-1)?.uid]);
  useEffect(() => {
    const stopping = new AbortController();
    const read = async () => {
      const uids = [...inSight.current].slice(0, AT_ONCE);
      if (uids.length === 0 || document.visibilityState === "hidden") return;
      const { items } = await trpc.metrics.rates.query({ group, uids: uids.join(",") }, { signal: stopping.signal });
      setRates((before) => new Map([...before, ...items.map(({ uid, ...rate }) => [uid, rate] as const)]));
    };
    // What cannot be read stays as it was; the live feed says when the connection is lost.
    const timer = setInterval(() => void read().catch(() => undefined), EVERY_MS);
    return () => {
      clearInterval(timer);
      stopping.abort();
    };
  }, [group]);
  return rates;
}
