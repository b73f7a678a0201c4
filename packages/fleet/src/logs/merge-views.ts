import type { View } from "./visible-lines.ts";

/** A line of one of several logs. */
export type MergedLine = { view: View; line: number };

/**
 * Goes through the visible lines of several logs as one, from a line number of each log on. Ties in time keep the order of
 * the logs, so both directions agree. `at` says where each log stands: forwards the next line, backwards the one before it.
 */
export class Merge {
  readonly #views: readonly View[];
  readonly #direction: 1 | -1;
  readonly at: number[];

  constructor(views: readonly View[], from: readonly number[], direction: 1 | -1) {
    this.#views = views;
    this.#direction = direction;
    this.at = views.map(({ log }, index) => {
      const line = from[index] ?? (direction === 1 ? log.firstLine : log.index.count);
      return direction === 1 ? Math.max(line, log.firstLine) : line - 1;
    });
    for (const index of this.at.keys()) this.#skip(index);
  }

  /** The next line; null when there is none. */
  next(): MergedLine | null {
    let best = -1;
    for (const [index, view] of this.#views.entries()) {
      if (!this.#has(index)) continue;
      if (best === -1 || this.#isBefore(view, index, best)) best = index;
    }
    const view = this.#views[best];
    const line = this.at[best];
    if (view === undefined || line === undefined) return null;
    this.at[best] = line + this.#direction;
    this.#skip(best);
    return { view, line };
  }

  /** Whether every log has been gone through. */
  isOver(): boolean {
    return this.at.every((_, index) => !this.#has(index));
  }

  #has(index: number): boolean {
    const view = this.#views[index];
    const line = this.at[index] ?? -1;
    return view !== undefined && (this.#direction === 1 ? line < view.log.index.count : line >= view.log.firstLine);
  }

  #isBefore(view: View, index: number, best: number): boolean {
    const other = this.#views[best];
    if (other === undefined) return true;
    const difference = view.log.index.time(this.at[index] ?? 0) - other.log.index.time(this.at[best] ?? 0);
    // Of equal times, the earlier log comes first, so backwards the later one.
    return this.#direction === 1 ? difference < 0 : difference >= 0;
  }

  #skip(index: number): void {
    const view = this.#views[index];
    while (view !== undefined && this.#has(index) && !view.isVisible(this.at[index] ?? 0)) {
      this.at[index] = (this.at[index] ?? 0) + this.#direction;
    }
  }
}
