import type { LogLine, LogPage } from "@slipway/contracts";

/** The most lines that the page holds; beyond them, those farthest from where the person looks go first. */
export const MAX_LINES = 40_000;
/** Small pages that come while following are joined up to this many lines. */
const JOIN_LINES = 500;

/** Lines as they came, with where to go on before and after them. */
type Part = Pick<LogPage, "lines" | "older" | "newer">;

/** A stretch of a log without a gap. Parts at its ends can be let go and be read again. */
export type LogWindow = {
  parts: readonly Part[];
  /** All lines, the oldest first. */
  lines: readonly LogLine[];
  /** Cursor of what comes before; null when nothing does. */
  older: string | null;
  /** Cursor of what comes after. */
  newer: string;
  /** Whether these are the newest lines that there are, as far as known. */
  isEnd: boolean;
};

/** A window of one page. */
export function beginWindow(page: LogPage): LogWindow {
  return windowOf([page], page.isEnd);
}

/** With a page of older lines put before; the newest go when there are too many. */
export function addOlder(window: LogWindow, page: LogPage): LogWindow {
  const parts = [page, ...window.parts];
  let lines = window.lines.length + page.lines.length;
  while (lines > MAX_LINES && parts.length > 1) lines -= parts.pop()?.lines.length ?? 0;
  return windowOf(parts, window.isEnd && parts.length === window.parts.length + 1);
}

/** With a page of newer lines put after; the oldest go when there are too many. */
export function addNewer(window: LogWindow, page: LogPage): LogWindow {
  const parts = [...window.parts];
  const last = parts.at(-1);
  if (last !== undefined && last.lines.length + page.lines.length <= JOIN_LINES) {
    parts[parts.length - 1] = { lines: [...last.lines, ...page.lines], older: last.older, newer: page.newer };
  } else parts.push(page);
  let lines = window.lines.length + page.lines.length;
  while (lines > MAX_LINES && parts.length > 1) lines -= parts.shift()?.lines.length ?? 0;
  return windowOf(parts, page.isEnd);
}

function windowOf(parts: readonly Part[], isEnd: boolean): LogWindow {
  const lines = parts.flatMap((part) => part.lines);
  return { parts, lines, older: parts[0]?.older ?? null, newer: parts.at(-1)?.newer ?? "", isEnd };
}
