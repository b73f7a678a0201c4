import { backoffDelay, type Clock } from "@slipway/service-kit";
import { Client } from "pg";

const RECONNECT = { initialMs: 100, maxMs: 5_000, jitter: 0.5 };

export type NudgeOptions = { clock: Clock; signal: AbortSignal; onNudge: () => void };

/**
 * Calls back whenever a transaction with changes commits, as far as it can tell: it listens on a connection of its own (a
 * pooler would swallow notifications) and reconnects with growing delays. What it misses, a poll finds.
 */
export async function listenForNudges(databaseUrl: string, { clock, signal, onNudge }: NudgeOptions): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const client = new Client({ connectionString: databaseUrl, application_name: "slipway-feed", keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.on("error", () => resolve());
      client.on("end", () => resolve());
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    try {
      client.on("notification", onNudge);
      await client.connect();
      await client.query("LISTEN slipway_change");
      attempt = 0;
      onNudge();
      await ended;
    } catch {
      // The poll goes on meanwhile; the next try is below.
    }
    await client.end().catch(() => undefined);
    if (!signal.aborted)
      await clock.sleep(backoffDelay(RECONNECT, attempt, Math.random), signal).catch(() => undefined);
  }
}
