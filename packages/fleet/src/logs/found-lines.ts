import type { LogSearch } from "@slipway/contracts";
import { findLines, matcherOf } from "./find-lines.ts";
import { firstWhere, type LineIndex } from "./line-index.ts";
import type { View } from "./visible-lines.ts";

type Found = { key: string; upTo: number; lines: number[] };

/**
 * Remembers which lines the last search found: going from match to match, or page to page of a filter, looks only through
 * what has been written since. Another search, or other lines that may be seen, begin anew.
 */
export class FoundLines {
  #held = new Map<LineIndex, Found>();

  /** The found lines of each view that are still kept, ascending. @throws request/invalid for a pattern that is none */
  of(views: readonly View[], search: LogSearch): (readonly number[])[] {
    matcherOf(search);
    const words = JSON.stringify(search);
    const next = new Map<LineIndex, Found>();
    for (const view of views) {
      const { index, firstLine } = view.log;
      const key = `${view.key} ${words}`;
      const known = this.#held.get(index);
      const found = known?.key === key ? known : { key, upTo: 0, lines: [] };
      for (const line of findLines(view, search, Math.max(found.upTo, firstLine))) found.lines.push(line);
      found.upTo = index.count;
      next.set(index, found);
    }
    this.#held = next;
    return views.map(({ log }) => {
      const lines = next.get(log.index)?.lines ?? [];
      const first = firstWhere(lines.length, (at) => (lines[at] ?? 0) >= log.firstLine);
      return first === 0 ? lines : lines.slice(first);
    });
  }
}

/** Whether a line is among ascending ones. */
export function isAmong(lines: readonly number[], line: number): boolean {
  return lines[firstWhere(lines.length, (at) => (lines[at] ?? 0) >= line)] === line;
}
