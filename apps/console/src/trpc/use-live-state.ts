import { useSyncExternalStore } from "react";
import { trpc } from "./client.ts";
import { followLive, type Live } from "./follow-live.ts";
import { createLiveHub } from "./live-hub.ts";

/** The connection of this tab; it begins when something on a page needs it. */
export const liveHub = createLiveHub((listener) => followLive(trpc, listener));

const CONNECTING: Live = { state: "connecting" };

/** How fresh what one sees is, and whether anything of the page is followed at all. */
export function useLiveState(): { live: Live; isFollowed: boolean } {
  const live = useSyncExternalStore(liveHub.watch, liveHub.live, () => CONNECTING);
  const isFollowed = useSyncExternalStore(liveHub.watch, liveHub.isFollowed, () => false);
  return { live, isFollowed };
}
