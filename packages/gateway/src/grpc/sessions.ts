import { type ClientHttp2Session, connect } from "node:http2";

/** A session that nothing uses for this long is closed; before the replica would do so. */
const IDLE_CLOSE_MS = 30_000;

/** A session with a replica. Until it is connected nothing was sent on it. */
export type GrpcSession = { readonly http2: ClientHttp2Session; isConnected: boolean };

/** One HTTP/2 session for each replica, made when it is first needed. */
export class GrpcSessions {
  readonly #byAddress = new Map<string, GrpcSession>();

  /** A session that may still be connecting; its failure shows at the streams on it. */
  get(address: string): GrpcSession {
    const known = this.#byAddress.get(address);
    if (known !== undefined && !known.http2.closed && !known.http2.destroyed) return known;
    const session: GrpcSession = {
      http2: connect(`http://${address}`, { settings: { enablePush: false } }),
      isConnected: false,
    };
    const forget = () => {
      if (this.#byAddress.get(address) === session) this.#byAddress.delete(address);
    };
    session.http2.on("connect", () => {
      session.isConnected = true;
    });
    session.http2.on("error", forget);
    session.http2.on("close", forget);
    session.http2.on("goaway", forget);
    session.http2.setTimeout(IDLE_CLOSE_MS, () => session.http2.close());
    this.#byAddress.set(address, session);
    return session;
  }

  destroy(): void {
    for (const { http2 } of this.#byAddress.values()) http2.destroy();
    this.#byAddress.clear();
  }
}
