import { type BulkResult, bulkAction, bulkAnswer } from "@slipway/contracts";
import { changeMany } from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import {
  expectedInput,
  expectedOf,
  groupInput,
  kindOf,
  kindWord,
  labelInput,
  messageInput,
  objectName,
} from "./inputs.ts";

const bulkInput = messageInput.extend(labelInput.shape).extend({
  kind: kindWord,
  group: groupInput,
  action: bulkAction,
  items: z
    .array(
      expectedInput.extend({
        name: objectName,
        group: groupInput.unwrap().exactOptional().describe("Where it is of another group"),
      }),
    )
    .describe("At most 500, each with the version last read where that matters"),
});

/** One thing done to many objects, each by its own verb. */
export const bulkRouter = router({
  change: procedure
    .meta({
      openapi: { method: "POST", path: "/bulk/{kind}", summary: "Start, stop, label or delete up to 500 objects" },
    })
    .input(bulkInput)
    .output(bulkAnswer)
    .mutation(async ({ ctx, input: { kind, group, items, set, remove, message, action } }) => {
      const results = await changeMany(ctx, {
        kind: kindOf(kind),
        action,
        items: items.map((item) => ({ group: item.group ?? group, name: item.name, ...expectedOf(item) })),
        labels: { set, remove },
        source: ctx.source,
        ...(message === undefined ? {} : { message }),
      });
      return { done: count(results, "done"), refused: count(results, "refused"), results };
    }),
});

function count(results: readonly BulkResult[], outcome: BulkResult["outcome"]): number {
  return results.filter((result) => result.outcome === outcome).length;
}
