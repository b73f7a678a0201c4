import { SlipwayError } from "@slipway/contracts";
import type { ChangePlace } from "@slipway/db";
import type { TokenContext } from "../context.ts";

/** How long a change of a token waits for the routers; after that it is stored and on its way. */
export const ROUTED_LIMIT_MS = 5_000;

/**
 * Whether every live router has a change. False when no scheduler leads, or when one did not manage within 5 s: the change is
 * stored all the same and reaches the routers as soon as they can be told.
 */
export async function awaitRouted(ctx: TokenContext, place: ChangePlace): Promise<boolean> {
  if (ctx.scheduler === undefined) return false;
  const late = new AbortController();
  const cancel = ctx.clock.after(ROUTED_LIMIT_MS, () => late.abort(new Error("the routers were not told in time")));
  try {
    await ctx.scheduler.awaitRouted(place, late.signal);
    return true;
  } catch (error) {
    if (late.signal.aborted || error instanceof SlipwayError) return false;
    throw error;
  } finally {
    cancel();
  }
}
