import { readLeader } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";

const leader = z.object({ id: z.string(), address: z.string() });

/** How the platform itself is. */
export const platformRouter = router({
  status: procedure
    .meta({ openapi: { method: "GET", path: "/status", summary: "Whether a scheduler leads, and which" } })
    .output(z.object({ leader: leader.nullable(), database: z.literal("ok") }))
    .query(async ({ ctx }) => ({ leader: await readLeader(ctx), database: "ok" as const })),
});
