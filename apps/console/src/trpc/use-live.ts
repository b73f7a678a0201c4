import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { trpc } from "./client.ts";
import { followLive, type Live, type News, type ResourceNews } from "./follow-live.ts";
import { createLiveHub } from "./live-hub.ts";

const READ_AGAIN_AFTER_MS = 150;

/** Whose changes a page may follow. */
export type LiveKind = "Deployment" | "Server";
type ReadAgain = () => void;

/** The connection of this tab; it begins when something on a page needs it. */
const hub = createLiveHub((listener) => followLive(trpc, listener));

/**
 * Follows the live feed of a kind for as long as the page is open. `readAgain` reads every query under `key` anew; several
 * reasons for it within a moment are one. It is called without news too when a connection begins.
 */
export function useLive(
  key: string,
  onNews: (news: ResourceNews, readAgain: ReadAgain) => void,
  kind: LiveKind = "Deployment",
): void {
  useFeed(key, (news, readAgain) => {
    const mine = ofKind(news, kind);
    if (mine !== null) onNews(mine, readAgain);
  });
}

/** Reads every query under `key` anew when a registered model that `isShown` takes became another. */
export function useLiveModels(key: string, isShown: (model: { group: string; name: string }) => boolean): void {
  useFeed(key, (news, readAgain) => {
    if (news.type === "list" || (news.type === "models" && news.models.some(isShown))) readAgain();
  });
}

function useFeed(key: string, onNews: (news: News, readAgain: ReadAgain) => void): void {
  const queryClient = useQueryClient();
  const hear = useEffectEvent(onNews);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: [key] });
      }, READ_AGAIN_AFTER_MS);
    };
    const leave = hub.join({ onNews: (news) => hear(news, readAgain), onLive: readAgain });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [queryClient, key]);
}

const CONNECTING: Live = { state: "connecting" };

/** How fresh what one sees is, and whether anything of the page is followed at all. */
export function useLiveState(): { live: Live; isFollowed: boolean } {
  const live = useSyncExternalStore(hub.watch, hub.live, () => CONNECTING);
  const isFollowed = useSyncExternalStore(hub.watch, hub.isFollowed, () => false);
  return { live, isFollowed };
}

/** What of some news is about a kind; null when nothing is. A uid that is gone may have been of any kind. */
function ofKind(news: News, kind: LiveKind): ResourceNews | null {
  if (news.type === "list") return news;
  if (news.type === "models") return null;
  const resources = news.resources.filter((resource) => resource.kind === kind);
  return resources.length + news.removed.length === 0 ? null : { ...news, resources };
}
