import { eventView, fieldChange, resourceView, revisionView } from "@slipway/contracts";
import { diffRevisions, getRevision, listEvents, listRevisions, rollBack } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { counter, expectedInput, expectedOf, messageInput, refInput, refOf } from "./inputs.ts";

/** What became of a resource over time. */
export const historyRouter = router({
  revisions: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}/revisions", summary: "History, newest first" } })
    .input(
      refInput.extend({
        before: counter.exactOptional(),
        limit: z.coerce.number().int().min(1).max(100).default(100),
      }),
    )
    .output(z.object({ items: z.array(revisionView) }))
    .query(async ({ ctx, input: { before, limit, ...input } }) => ({
      items: await listRevisions(ctx, { ref: refOf(input), limit, ...(before === undefined ? {} : { before }) }),
    })),

  revision: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}/revisions/{generation}", summary: "One revision" } })
    .input(refInput.extend({ generation: counter }))
    .output(revisionView)
    .query(({ ctx, input }) => getRevision(ctx, refOf(input), input.generation)),

  diff: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}/diff", summary: "What differs between two revisions" } })
    .input(refInput.extend({ from: counter, to: counter }))
    .output(
      z.object({
        fields: z.array(fieldChange),
        fromManifest: z.string(),
        toManifest: z.string(),
      }),
    )
    .query(({ ctx, input }) => diffRevisions(ctx, { ref: refOf(input), from: input.from, to: input.to })),

  rollback: procedure
    .meta({
      openapi: { method: "POST", path: "/{kind}/{name}/rollback", summary: "Return to a revision by a new one" },
    })
    .input(refInput.extend(expectedInput.shape).extend(messageInput.shape).extend({ to: counter }))
    .output(resourceView)
    .mutation(({ ctx, input: { to, message, ...input } }) =>
      rollBack(ctx, {
        ref: refOf(input),
        to,
        expected: expectedOf(input),
        ...(message === undefined ? {} : { message }),
      }),
    ),

  events: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}/events", summary: "What happened to it, latest first" } })
    .input(refInput)
    .output(z.object({ items: z.array(eventView) }))
    .query(async ({ ctx, input }) => ({ items: await listEvents(ctx, refOf(input)) })),
});
