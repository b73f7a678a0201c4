import type { News } from "./follow-live.ts";
import type { Follower } from "./live-hub.ts";

/** Several reasons to read again within this time are one; while something is read, how often its end is looked for. */
const AFTER_MS = 150;
/** As much news as is kept for after a read; when more comes, what they change is read again instead. */
const KEPT_MAX = 500;

export type Kept = {
  /** Whether a read of what is kept is under way. */
  isReading: () => boolean;
  /** Reads all of it anew. */
  read: () => void;
  /** Puts news into it; must be harmless when told the same news twice. */
  hear: (news: News, readAgain: () => void) => void;
};

/**
 * Keeps what was read in step with the news. A read that is under way is never cut short by news (it may be what a person
 * asked for, and under steady news none would ever end): reading again waits for its end. Its answer may be older than news
 * that came meanwhile, so these are told once more after it. `close` ends both.
 */
export function keepCurrent({ isReading, read, hear }: Kept): Follower & { close: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let mustRead = false;
  let meanwhile: News[] = [];

  const settle = () => {
    timer = undefined;
    if (isReading()) return soon();
    const late = meanwhile;
    meanwhile = [];
    for (const news of late) hear(news, readAgain);
    if (mustRead) read();
    mustRead = false;
  };
  const soon = () => {
    timer ??= setTimeout(settle, AFTER_MS);
  };
  const readAgain = () => {
    mustRead = true;
    soon();
  };

  return {
    onNews: (news) => {
      if (isReading()) {
        meanwhile.push(news);
        soon();
        if (meanwhile.length > KEPT_MAX) {
          meanwhile = [];
          mustRead = true;
        }
      }
      hear(news, readAgain);
    },
    onLive: readAgain,
    close: () => clearTimeout(timer),
  };
}
