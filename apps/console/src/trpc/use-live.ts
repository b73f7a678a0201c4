import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { trpc } from "./client.ts";
import { followLive, type Live, type News } from "./follow-live.ts";

const READ_AGAIN_AFTER_MS = 150;

/**
 * Follows the live feed for as long as the page is open. `readAgain` reads every query under `key` anew; several reasons
 * for it within a moment are one. It is called without news too when a connection begins.
 */
export function useLive(key: string, onNews: (news: News, readAgain: () => void) => void): Live {
  const queryClient = useQueryClient();
  const [live, setLive] = useState<Live>({ state: "connecting" });
  const hear = useEffectEvent(onNews);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLive = false;
    const readAgain = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: [key] });
      }, READ_AGAIN_AFTER_MS);
    };
    const stop = followLive(trpc, (event) => {
      if (event.type === "news") return hear(event.news, readAgain);
      setLive(event.live);
      // Whatever changed before this page was connected was told to nobody here.
      if (event.live.state === "live" && !isLive) readAgain();
      isLive = event.live.state === "live";
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queryClient, key]);
  return live;
}
