import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { News, ResourceNews } from "./follow-live.ts";
import { keepCurrent } from "./keep-current.ts";
import { liveHub } from "./use-live-state.ts";

/** Whose changes a page may follow. */
export type LiveKind = "Deployment" | "Server";
type ReadAgain = () => void;

/**
 * Follows the live feed of a kind for as long as the page is open. `readAgain` reads every query under `key` anew;
 * it is called without news too when a connection begins. The same news may come twice (`keepCurrent` says why).
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
    const queries = { queryKey: [key] };
    const kept = keepCurrent({
      isReading: () => queryClient.isFetching(queries) > 0,
      read: () => void queryClient.invalidateQueries(queries),
      hear: (news, readAgain) => hear(news, readAgain),
    });
    const leave = liveHub.join(kept);
    return () => {
      kept.close();
      leave();
    };
  }, [queryClient, key]);
}

/** Reads what is under `key` anew when a connection begins: what failed while Slipway was away is asked when it is back. */
export function useAskAgain(key: string): void {
  useFeed(key, () => undefined);
}

/** What of some news is about a kind; null when nothing is. A uid that is gone may have been of any kind. */
function ofKind(news: News, kind: LiveKind): ResourceNews | null {
  if (news.type === "list") return news;
  if (news.type === "models") return null;
  const resources = news.resources.filter((resource) => resource.kind === kind);
  return resources.length + news.removed.length === 0 ? null : { ...news, resources };
}
