/** The first and the last moment that anything here can be about, in milliseconds since 1970. */
const FIRST_MS = 0;
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Whether a moment is one that the database, JSON and people's calendars all have. */
export function isStorableTime(atMs: number): boolean {
  return atMs >= FIRST_MS && atMs <= LAST_MS;
}
