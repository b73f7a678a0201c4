import type { Tx } from "@slipway/db";
import type { Random } from "../context.ts";

export const EVENT_MESSAGE_LIMIT = 1_000;

/** Something that happened to an object. */
export type NewEvent = {
  uid: string;
  group: string;
  kind: string;
  name: string;
  /** A code in camel case: `Placed`, `LoadFailed`. */
  reason: string;
  severity: "info" | "warning";
  /** One sentence; cut at 1,000 characters. */
  message: string;
};

/** Adds events in one statement; one that is there already is counted and its last time moves. */
export async function recordEvents(tx: Tx, random: Random, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const counted = new Map<string, NewEvent & { id: string; count: number }>();
  for (const event of events) {
    const message = event.message.slice(0, EVENT_MESSAGE_LIMIT).replaceAll("\u0000", "").toWellFormed();
    const key = JSON.stringify([event.uid, event.reason, message]);
    const count = (counted.get(key)?.count ?? 0) + 1;
    counted.set(key, { ...event, message, id: random.uuid(), count });
  }
  await tx.query(
    `INSERT INTO event AS e (id, uid, "group", kind, name, reason, severity, message, count)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS x(id uuid, uid uuid, "group" text, kind text, name text, reason text, severity text, message text, count int)
     ORDER BY uid, reason, message
     ON CONFLICT (uid, reason, message) DO UPDATE SET count = e.count + excluded.count, last_at = now(), severity = excluded.severity`,
    [JSON.stringify([...counted.values()])],
  );
}
