import {
  BULK_LIMIT,
  type BulkAction,
  type BulkResult,
  type KindName,
  type ResourceView,
  type RevisionSource,
  SlipwayError,
} from "@slipway/contracts";
import { type Action, authorise } from "../actor.ts";
import type { Context } from "../context.ts";
import { publicError } from "../public-error.ts";
import type { Expected } from "../resource/check-write.ts";
import { deleteResource } from "../resource/delete-resource.ts";
import { type LabelChange, labelResource } from "../resource/label-resource.ts";
import { refKey } from "../resource/resource-row.ts";
import { setRunning } from "../resource/set-running.ts";

/** One of many, as its writer last saw it. */
export type BulkItem = { group: string; name: string } & Expected;

export type ChangeMany = {
  kind: KindName;
  action: BulkAction;
  items: readonly BulkItem[];
  /** Only for `label`. */
  labels?: LabelChange;
  source: RevisionSource;
  message?: string;
};

/** How many are changed at once; each has a transaction of its own, and the pool serves others too. */
const AT_ONCE = 4;

const RIGHTS: { readonly [Name in BulkAction]: Action } = {
  start: "resource.write",
  stop: "resource.write",
  label: "resource.write",
  delete: "resource.delete",
};

/**
 * Does one thing to each of up to 500 named resources, each by its own verb and in its own transaction. What cannot be done to
 * one keeps none of the others; every item has its result, in the order given.
 * @throws auth/forbidden for who may do it to none, request/invalid for too many, none, or one that is named twice
 */
export async function changeMany(ctx: Context, input: ChangeMany): Promise<BulkResult[]> {
  authorise(ctx.actor, RIGHTS[input.action]);
  checkItems(input);
  const results: BulkResult[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < input.items.length; at = next++) {
      const item = input.items[at];
      if (item !== undefined) results[at] = await changeOne(ctx, input, item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function changeOne(ctx: Context, input: ChangeMany, { group, name, ...expected }: BulkItem): Promise<BulkResult> {
  try {
    const { metadata } = await run(ctx, input, { ref: { kind: input.kind, group, name }, expected });
    return { group, name, outcome: "done", version: metadata.version };
  } catch (error) {
    const known = publicError(error);
    if (known instanceof SlipwayError) {
      return { group, name, outcome: "refused", code: known.code, error: known.message };
    }
    const { code, message } = new SlipwayError("internal", {}, { cause: error });
    return { group, name, outcome: "refused", code, error: message };
  }
}

type One = { ref: { kind: KindName; group: string; name: string }; expected: Expected };

function run(ctx: Context, input: ChangeMany, one: One): Promise<ResourceView> {
  const message = input.message === undefined ? {} : { message: input.message };
  switch (input.action) {
    case "start":
    case "stop":
      return setRunning(ctx, { ...one, ...message, running: input.action === "start", source: input.source });
    case "label":
      return labelResource(ctx, { ...one, ...message, ...(input.labels ?? { set: {}, remove: [] }) });
    case "delete":
      return deleteResource(ctx, { ...one, ...message });
    default:
      return input.action satisfies never;
  }
}

function checkItems({ kind, items, action, labels }: ChangeMany): void {
  const invalid = (field: string, problem: string) => new SlipwayError("request/invalid", { problem }, { field });
  if (items.length === 0) throw invalid("items", "items names nothing.");
  if (items.length > BULK_LIMIT) {
    throw invalid("items", `items names ${items.length} objects; at most ${BULK_LIMIT} are allowed at once.`);
  }
  const seen = new Set<string>();
  for (const item of items) {
    const key = refKey({ kind, ...item });
    if (seen.has(key)) throw invalid("items", `items names ${item.name} of group ${item.group} twice.`);
    seen.add(key);
  }
  const changes = labels === undefined ? 0 : Object.keys(labels.set).length + labels.remove.length;
  if (action === "label" && changes === 0) throw invalid("set", "set or remove must name a label.");
}
