const KEY = "slipway-return";
/** Somebody who fetches a link from a terminal is back within this. */
const KEPT_MS = 30 * 60_000;

/** Remembers where a browser wants to go back to, because a sign-in link opens a page of its own. */
export function rememberReturn(address: string, nowMs: number): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify([nowMs, address]));
  } catch {
    // A browser that keeps nothing opens the first page.
  }
}

/** Where it wanted to go, once; null when there is nothing, or it is too long ago. */
export function takeReturn(nowMs: number): string | null {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "null");
    window.localStorage.removeItem(KEY);
    if (!Array.isArray(kept)) return null;
    const [atMs, address]: unknown[] = kept;
    const isFresh = typeof atMs === "number" && nowMs - atMs < KEPT_MS;
    return isFresh && typeof address === "string" ? address : null;
  } catch {
    return null;
  }
}
