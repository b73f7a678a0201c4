import * as z from "zod";

/** How many objects one bulk change may name. */
export const BULK_LIMIT = 500;

/** What can be done to many objects at once. */
export const bulkAction = z.enum(["start", "stop", "label", "delete"]);
export type BulkAction = z.infer<typeof bulkAction>;

const named = { group: z.string(), name: z.string() };

/** What became of one object: done, or refused with the reason in words. */
export const bulkResult = z.discriminatedUnion("outcome", [
  z.object({ ...named, outcome: z.literal("done"), version: z.int() }),
  z.object({ ...named, outcome: z.literal("refused"), code: z.string(), error: z.string() }),
]);
export type BulkResult = z.output<typeof bulkResult>;

/** Every object that was named, in the order given. */
export const bulkAnswer = z.object({ done: z.int(), refused: z.int(), results: z.array(bulkResult) });
export type BulkAnswer = z.output<typeof bulkAnswer>;
