import { CallError } from "./call-error.ts";

/** What a stream of a procedure tells; `onLost` is the last, with why. */
export type StreamHandlers<Message> = {
  onConnected: () => void;
  onMessage: (message: Message) => void;
  /** The browser tries again by itself after a break. */
  onBreak: () => void;
  onLost: (error: CallError) => void;
};

/** What of an EventSource is needed. */
type Source = EventTarget & Pick<EventSource, "readyState" | "close">;
const CLOSED = 2;

/**
 * Hears a procedure's stream in the form in which tRPC sends it. A connection that says nothing for as long as the server
 * named is lost, as is one that the server ends or refuses. Returns how to stop.
 */
export function hearStream<Message>(source: Source, handlers: StreamHandlers<Message>): () => void {
  let silenceMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    source.close();
  };
  const lose = (error: CallError) => {
    stop();
    handlers.onLost(error);
  };
  const alive = () => {
    clearTimeout(timer);
    if (silenceMs > 0) timer = setTimeout(() => lose(new CallError("silence", null)), silenceMs);
  };
  const on = (type: string, hear: (data: string) => void) =>
    source.addEventListener(type, (event: Event) => {
      alive();
      hear(event instanceof MessageEvent ? event.data : "");
    });
  on("connected", (data) => {
    const options: { reconnectAfterInactivityMs?: number } = JSON.parse(data);
    silenceMs = options.reconnectAfterInactivityMs ?? 0;
    alive();
    handlers.onConnected();
  });
  on("message", (data) => {
    const message: Message = JSON.parse(data);
    handlers.onMessage(message);
  });
  on("ping", () => undefined);
  on("return", () => lose(new CallError("the stream has ended", null)));
  on("serialized-error", (data) => {
    const error: { message: string; data: CallError["data"] } = JSON.parse(data);
    lose(new CallError(error.message, error.data));
  });
  on("error", () => {
    if (source.readyState === CLOSED) lose(new CallError("no answer", null));
    else handlers.onBreak();
  });
  return stop;
}
