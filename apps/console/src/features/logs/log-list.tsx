import type { LogLine } from "@slipway/contracts";
import { useTimeZone } from "@slipway/ui/time-zone";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { LogRow } from "./log-row.tsx";

/** How high a line is that takes one row, until it has been measured. */
const ROW_PX = 32;
/** Lines drawn beyond what is seen. */
const OVERSCAN = 12;
/** So close to an end more lines are asked for. */
const NEAR_LINES = 60;
/** Scrolled up by more than this, the end is no longer followed: less is what a line that is measured anew moves. */
const LEFT_PX = 200;

const LEAVING_KEYS: ReadonlySet<string> = new Set(["Home", "End", "PageUp", "PageDown"]);

type Props = {
  lines: readonly LogLine[];
  current: string;
  marker: RegExp | null;
  isWrapped: boolean;
  /** Whether the end is kept in view as lines come. */
  isFollowing: boolean;
  /** The line to bring into view; another object brings it again. */
  wanted: { id: string } | null;
  onCurrent: (id: string) => void;
  onLeaveEnd: () => void;
  onNearStart: () => void;
  onNearEnd: () => void;
  onHome: () => void;
  onEnd: () => void;
  linkOf: (id: string) => string;
};

/** The lines, of which only those in view are drawn. Arrow keys go from line to line, Enter opens one. */
export function LogList(props: Props) {
  const { lines, current, isFollowing, isWrapped, wanted } = props;
  const zone = useTimeZone();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollPaddingStart: 2 * ROW_PX,
  });
  const hasRequestIds = useMemo(() => lines.some(({ requestId }) => requestId !== null), [lines]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useKeptPlace(lines, scroller, first, isFollowing, virtual);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves whenever there are other lines or they are higher
  useLayoutEffect(() => {
    if (isFollowing && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [isFollowing, lines, isWrapped, virtual.getTotalSize()]);

  const bringIntoView = useEffectEvent((id: string) => {
    const index = lines.findIndex((line) => line.id === id);
    if (index !== -1) virtual.scrollToIndex(index, { align: "start" });
  });
  useEffect(() => {
    if (wanted !== null) bringIntoView(wanted.id);
  }, [wanted]);

  const askForMore = useEffectEvent((isNearStart: boolean, isNearEnd: boolean) => {
    if (isNearStart) props.onNearStart();
    if (isNearEnd) props.onNearEnd();
  });
  useEffect(() => {
    if (lines.length > 0) askForMore(first < NEAR_LINES, last > lines.length - NEAR_LINES);
  }, [first, last, lines.length]);

  /** Scrolling up by whatever means leaves the end; what the list does by itself is always downwards. */
  const top = useRef(0);
  function onScroll() {
    const element = scroller.current;
    if (element === null) return;
    const isUp = element.scrollTop < top.current;
    top.current = element.scrollTop;
    if (isUp && element.scrollHeight - top.current - element.clientHeight > LEFT_PX) props.onLeaveEnd();
  }

  function focusLine(index: number) {
    const line = lines[index];
    if (line === undefined) return;
    props.onCurrent(line.id);
    virtual.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-line="${line.id}"]`)?.focus());
  }

  function onKeyDown(event: KeyboardEvent) {
    // The line that has the focus may go out of view and be drawn no more; the list itself stays.
    if (LEAVING_KEYS.has(event.key)) scroller.current?.focus({ preventScroll: true });
    const at = lines.findIndex(({ id }) => id === current);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (step < 0) props.onLeaveEnd();
      focusLine(at === -1 ? (step < 0 ? lines.length - 1 : first) : at + step);
    } else if (event.key === "Home") {
      event.preventDefault();
      props.onHome();
    } else if (event.key === "End") {
      event.preventDefault();
      props.onEnd();
    } else if (event.key === "PageUp") props.onLeaveEnd();
  }

  function toggle(id: string) {
    props.onCurrent(id);
    props.onLeaveEnd();
    setOpen((held) => new Set(held.has(id) ? [...held].filter((other) => other !== id) : [...held, id]));
  }

  const acts = useStable({ onToggle: toggle, onFocus: props.onCurrent, linkOf: props.linkOf });

  return (
    <div
      ref={scroller}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      onScroll={onScroll}
      onWheel={({ deltaY }) => deltaY < 0 && props.onLeaveEnd()}
      onTouchMove={props.onLeaveEnd}
      onPointerDown={({ target }) => target === scroller.current && props.onLeaveEnd()}
      onKeyDown={onKeyDown}
      className="h-[min(38rem,70dvh)] overflow-auto overscroll-contain bg-surface"
    >
      <div
        className={`relative ${isWrapped ? "w-full" : "w-max min-w-full"}`}
        style={{ height: virtual.getTotalSize() }}
      >
        <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
          {items.map(({ key, index }) => {
            const line = lines[index];
            return line === undefined ? null : (
              <div key={key} data-index={index} ref={virtual.measureElement}>
                <LogRow
                  {...{ line, zone, marker: props.marker, isWrapped, hasRequestIds, isOpen: open.has(line.id) }}
                  isCurrent={line.id === current}
                  {...acts}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

type Acts = { onToggle(id: string): void; onFocus(id: string): void; linkOf(id: string): string };

/** The same functions for as long as the list is there, each of which does what the latest one given does. */
function useStable(acts: Acts): Acts {
  const latest = useRef(acts);
  useLayoutEffect(() => {
    latest.current = acts;
  });
  return useMemo(
    () => ({
      onToggle: (id) => latest.current.onToggle(id),
      onFocus: (id) => latest.current.onFocus(id),
      linkOf: (id) => latest.current.linkOf(id),
    }),
    [],
  );
}

type Virtual = Pick<
  ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>,
  "scrollToIndex" | "measurementsCache" | "getOffsetForIndex"
>;

/** Keeps what is in view where it is when lines are put before it or let go. */
function useKeptPlace(
  lines: readonly LogLine[],
  scroller: { current: HTMLDivElement | null },
  first: number,
  isFollowing: boolean,
  virtual: Virtual,
): void {
  const seen = useRef<{ id: string; offset: number } | null>(null);
  const held = useRef(lines);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const place = seen.current;
    if (held.current !== lines && !isFollowing && place !== null && held.current[0]?.id !== lines[0]?.id) {
      const index = lines.findIndex(({ id }) => id === place.id);
      const start = index === -1 ? undefined : virtual.getOffsetForIndex(index, "start")?.[0];
      if (start !== undefined) element.scrollTop = start + place.offset;
    }
    held.current = lines;
  }, [lines, isFollowing, scroller, virtual]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const id = lines[first]?.id;
    const start = virtual.measurementsCache[first]?.start;
    seen.current =
      element === null || id === undefined || start === undefined ? null : { id, offset: element.scrollTop - start };
  });
}
