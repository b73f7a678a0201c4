import type { ResourceView } from "@slipway/contracts";
import type { Trpc } from "./client.ts";

/** How fresh a page is: followed as things change, or as it was when the connection was lost. */
export type Live = { state: "connecting" } | { state: "live" } | { state: "stale"; sinceMs: number };

/** As packages/api sends it: list anew, or what these resources are now and which are gone. */
export type News = { type: "list" } | { type: "changed"; resources: ResourceView[]; removed: string[] };
export type LiveEvent = { type: "news"; news: News } | { type: "state"; live: Live };
type Message = LiveEvent | { type: "hello" };

/** Whose changes there is a feed of. */
export type LiveKind = "Deployment" | "Server";
/** A stream that the server refused is tried again after this; one that broke is tried again by the browser itself. */
const AGAIN_AFTER_MS = 2_000;

/**
 * Hears of every change of the objects of a kind that one may see, over one connection for all tabs of the browser that
 * show that kind: the tab that holds the lock has it and tells the others; when that tab goes, another takes over. Returns
 * how to stop.
 */
export function followLive(
  trpc: Trpc,
  listener: (event: LiveEvent) => void,
  kind: LiveKind = "Deployment",
): () => void {
  const name = `slipway-live-${kind.toLowerCase()}s`;
  const closing = new AbortController();
  const channel = new BroadcastChannel(name);
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
  holdLock(name, closing.signal, () => subscribe(trpc, kind, closing.signal, tell));
  return () => {
    closing.abort();
    channel.close();
  };
}

/** Runs `lead` once this tab is the one; without locks (a page that is not from a secure origin) every tab is. */
function holdLock(name: string, signal: AbortSignal, lead: () => void): void {
  if (!("locks" in navigator)) {
    lead();
    return;
  }
  const untilClosed = () =>
    new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      lead();
    });
  navigator.locks.request(name, { signal }, untilClosed).catch(() => undefined);
}

function subscribe(trpc: Trpc, kind: LiveKind, signal: AbortSignal, tell: (event: LiveEvent) => void): void {
  if (signal.aborted) return;
  let staleSinceMs: number | null = null;
  const say = (isConnected: boolean) => {
    staleSinceMs = isConnected ? null : (staleSinceMs ?? Date.now());
    tell({
      type: "state",
      live: staleSinceMs === null ? { state: "live" } : { state: "stale", sinceMs: staleSinceMs },
    });
  };
  const subscription = trpc.live.resources.subscribe(
    { kind, group: "*" },
    {
      onData: (news) => tell({ type: "news", news }),
      onConnectionStateChange: ({ state, error }) => {
        if (state === "pending") say(true);
        else if (error !== null) say(false);
      },
      onError: () => {
        say(false);
        setTimeout(() => subscribe(trpc, kind, signal, tell), AGAIN_AFTER_MS);
      },
    },
  );
  signal.addEventListener("abort", () => subscription.unsubscribe(), { once: true });
}
