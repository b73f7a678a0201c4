import { type ClientHttp2Session, connect } from "node:http2";

/** A session that nothing uses for this long is closed; before the replica would do so. */
const IDLE_CLOSE_MS = 30_000;
/**
 * What may be on its way to us on one session, all calls together. Far above what the calls on it may each have on the
 * way, so that one caller who does not read its answer holds up nobody else's.
 */
const SESSION_WINDOW_BYTES = 1 << 30;
/** Of the thousand cancelled calls after which a server takes a session for an attack. Beyond it calls go elsewhere. */
const MAX_CANCELLED = 500;

/** A session with a replica. Until it is connected nothing was sent on it. */
export type GrpcSession = {
  readonly http2: ClientHttp2Session;
  isConnected: boolean;
  /** A call on it was cancelled: callers who leave must not end the calls of others. */
  noteCancelled(): void;
};

/** One HTTP/2 session for each replica, made when it is first needed. */
export class GrpcSessions {
  readonly #byAddress = new Map<string, GrpcSession>();

  /** A session that may still be connecting; its failure shows at the streams on it. */
  get(address: string): GrpcSession {
    const known = this.#byAddress.get(address);
    if (known !== undefined && !known.http2.closed && !known.http2.destroyed) return known;
    const http2 = connect(`http://${address}`, { settings: { enablePush: false } });
    let cancelled = 0;
    const session: GrpcSession = {
      http2,
      isConnected: false,
      noteCancelled() {
        cancelled += 1;
        if (cancelled < MAX_CANCELLED || http2.closed) return;
        forget();
        http2.close();
      },
    };
    const forget = () => {
      if (this.#byAddress.get(address) === session) this.#byAddress.delete(address);
    };
    http2.on("connect", () => {
      session.isConnected = true;
      http2.setLocalWindowSize(SESSION_WINDOW_BYTES);
    });
    http2.on("error", forget);
    http2.on("close", forget);
    http2.on("goaway", forget);
    http2.setTimeout(IDLE_CLOSE_MS, () => http2.close());
    this.#byAddress.set(address, session);
    return session;
  }

  destroy(): void {
    for (const { http2 } of this.#byAddress.values()) http2.destroy();
    this.#byAddress.clear();
  }
}
