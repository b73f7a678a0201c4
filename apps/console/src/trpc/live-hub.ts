import type { Live, LiveEvent, News } from "./follow-live.ts";

/** What one part of a page does with what it hears. */
export type Follower = { onNews: (news: News) => void; onLive: () => void };

export type LiveHub = {
  /**
   * Hears of news from now on; `onLive` at once when there is a connection, and whenever one begins: whatever changed
   * before was told to nobody here. Returns how to leave.
   */
  join(follower: Follower): () => void;
  /** Calls when `live` or `isFollowed` became another. Returns how to stop. */
  watch(changed: () => void): () => void;
  live(): Live;
  /** Whether anything on the page is kept up to date by it. */
  isFollowed(): boolean;
};

/** One connection for everything on a page: `connect` begins it with the first who needs it, and it ends with the last. */
export function createLiveHub(connect: (listener: (event: LiveEvent) => void) => () => void): LiveHub {
  const followers = new Set<Follower>();
  const watchers = new Set<() => void>();
  let live: Live = { state: "connecting" };
  let disconnect: (() => void) | null = null;

  function hear(event: LiveEvent): void {
    if (event.type === "news") {
      for (const follower of followers) follower.onNews(event.news);
      return;
    }
    const isNew = event.live.state === "live" && live.state !== "live";
    live = event.live;
    for (const watcher of watchers) watcher();
    if (isNew) for (const follower of followers) follower.onLive();
  }

  function keep(): void {
    const isNeeded = followers.size + watchers.size > 0;
    if (isNeeded) disconnect ??= connect(hear);
    else {
      disconnect?.();
      disconnect = null;
      live = { state: "connecting" };
    }
  }

  return {
    join(follower) {
      followers.add(follower);
      keep();
      for (const watcher of watchers) watcher();
      if (live.state === "live") follower.onLive();
      return () => {
        followers.delete(follower);
        for (const watcher of watchers) watcher();
        keep();
      };
    },
    watch(changed) {
      watchers.add(changed);
      keep();
      return () => {
        watchers.delete(changed);
        keep();
      };
    },
    live: () => live,
    isFollowed: () => followers.size > 0,
  };
}
