import * as z from "zod";
import { authorise } from "../actor.ts";
import type { Context } from "../context.ts";

const leaseRow = z.object({ id: z.string(), address: z.string() });
export type Leader = z.output<typeof leaseRow>;

/** Which scheduler leads, by the lease on the database's clock; null when none does. */
export async function readLeader({ actor, db }: Pick<Context, "actor" | "db">): Promise<Leader | null> {
  authorise(actor, "resource.read");
  const { rows } = await db.pool.query(
    "SELECT holder_id AS id, address FROM lease WHERE name = 'scheduler' AND expires_at > now()",
  );
  const [row] = rows;
  return row === undefined ? null : leaseRow.parse(row);
}
