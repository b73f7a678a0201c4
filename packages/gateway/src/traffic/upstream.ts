import { Pool } from "undici";

/** Connections to one replica. Requests beyond it wait in the pool and count as in flight. */
const MAX_CONNECTIONS = 512;
const CONNECT_TIMEOUT_MS = 2_000;
/** Shorter than the 60 s and more after which our model servers close an idle connection: they never close first. */
const IDLE_CLOSE_MS = 30_000;
/** How long an address that refused a connection is left alone; doubles with each refusal up to the last. */
const DOWN_MS = { first: 100, last: 1_000 } as const;

/** One address that model servers are reached at, with its connections. */
export class Upstream {
  readonly address: string;
  readonly pool: Pool;
  references = 0;
  #failures = 0;
  #downUntilMs = 0;

  constructor(address: string) {
    this.address = address;
    this.pool = new Pool(`http://${address}`, {
      connections: MAX_CONNECTIONS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepAliveTimeout: IDLE_CLOSE_MS,
      keepAliveMaxTimeout: IDLE_CLOSE_MS,
      pipelining: 1,
      // Every request carries a deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  isDown(nowMs: number): boolean {
    return nowMs < this.#downUntilMs;
  }

  /** A connection could not be made. */
  markDown(nowMs: number): void {
    this.#downUntilMs = nowMs + Math.min(DOWN_MS.last, DOWN_MS.first * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
  }

  markUp(): void {
    this.#failures = 0;
    this.#downUntilMs = 0;
  }
}

/** All addresses of the current table; several targets on one replica share its connections. */
export class Upstreams {
  readonly #byAddress = new Map<string, Upstream>();

  /** Every call needs one `drop`. Null when the address is not one that can be dialled. */
  hold(address: string): Upstream | null {
    if (!/^[^\s/@?#]+:\d{1,5}$/.test(address)) return null;
    const upstream = this.#byAddress.get(address) ?? new Upstream(address);
    upstream.references += 1;
    this.#byAddress.set(address, upstream);
    return upstream;
  }

  /** Closes the connections when no route needs them any more and what is in flight has ended. */
  drop(upstream: Upstream): void {
    upstream.references -= 1;
    if (upstream.references > 0) return;
    this.#byAddress.delete(upstream.address);
    upstream.pool.close().catch(() => undefined);
  }

  /** Ends all connections and whatever is in flight on them. */
  async destroy(): Promise<void> {
    const pools = [...this.#byAddress.values()].map(({ pool }) => pool.destroy());
    this.#byAddress.clear();
    await Promise.all(pools);
  }
}
