import type { ResourceView } from "@slipway/contracts";
import { isSignedOut } from "./call-error.ts";
import type { Trpc } from "./client.ts";

/** How fresh pages are: followed as things change, or as they were when the connection was lost. */
export type Live =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "stale"; sinceMs: number }
  /** The session ended; signing in anywhere in this browser brings the connection back. */
  | { state: "signed out" };

/** Of resources: list anew, or what these of any kind are now and which are gone. */
export type ResourceNews = { type: "list" } | { type: "changed"; resources: ResourceView[]; removed: string[] };
/** As packages/api sends it. Of registered models it says only of which something is another. */
export type News = ResourceNews | { type: "models"; models: { group: string; name: string }[] };
export type LiveEvent = { type: "news"; news: News } | { type: "state"; live: Live };
type Message = LiveEvent | { type: "hello" };

const NAME = "slipway-live";
/** A stream that the server refused is tried again after this; one that broke is tried again by the browser itself. */
const AGAIN_AFTER_MS = 2_000;

/**
 * Hears of every change of what one may see, over one connection for all tabs of the browser: the tab that holds the lock
 * has it and tells the others; when that tab goes, another takes over. Returns how to stop.
 */
export function followLive(trpc: Trpc, listener: (event: LiveEvent) => void): () => void {
  const closing = new AbortController();
  const channel = new BroadcastChannel(NAME);
  let live: Live | null = null;
  const tell = (event: LiveEvent) => {
    if (event.type === "state") live = event.live;
    channel.postMessage(event);
    listener(event);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type !== "hello") listener(data);
    // Only the tab with the connection has a state of its own to tell; whoever comes new must also list anew.
    else if (live !== null) channel.postMessage({ type: "state", live } satisfies Message);
  };
  channel.postMessage({ type: "hello" } satisfies Message);
  holdLock(closing.signal, () => subscribe(trpc, closing.signal, tell));
  return () => {
    closing.abort();
    channel.close();
  };
}

/** Runs `lead` once this tab is the one; without locks (a page that is not from a secure origin) every tab is. */
function holdLock(signal: AbortSignal, lead: () => void): void {
  if (!("locks" in navigator)) {
    lead();
    return;
  }
  const untilClosed = () =>
    new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      lead();
    });
  navigator.locks.request(NAME, { signal }, untilClosed).catch(() => undefined);
}

/** `lost` remembers since when there is no connection, over all the tries to get another. */
function subscribe(
  trpc: Trpc,
  signal: AbortSignal,
  tell: (event: LiveEvent) => void,
  lost: { sinceMs: number | null } = { sinceMs: null },
): void {
  if (signal.aborted) return;
  const say = (isConnected: boolean) => {
    lost.sinceMs = isConnected ? null : (lost.sinceMs ?? Date.now());
    tell({
      type: "state",
      live: lost.sinceMs === null ? { state: "live" } : { state: "stale", sinceMs: lost.sinceMs },
    });
  };
  const ended = new AbortController();
  const again = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    subscribe(trpc, signal, tell, lost);
  };
  const subscription = trpc.live.resources.subscribe(
    { group: "*" },
    {
      onData: (news) => tell({ type: "news", news }),
      onConnectionStateChange: ({ state, error }) => {
        if (state === "pending") say(true);
        else if (error !== null) say(false);
      },
      onError: (error) => {
        if (isSignedOut(error)) tell({ type: "state", live: { state: "signed out" } });
        else say(false);
        setTimeout(again, AGAIN_AFTER_MS);
      },
    },
  );
  const until = { signal: AbortSignal.any([signal, ended.signal]) };
  // The browser knows at once; a connection that nobody closed would be missed only after its pings.
  window.addEventListener("offline", () => say(false), until);
  window.addEventListener("online", again, until);
  until.signal.addEventListener("abort", () => subscription.unsubscribe(), { once: true });
}
