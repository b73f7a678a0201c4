import { type BulkAction, bulkAnswer, DEFAULT_GROUP, KINDS, type KindName } from "@slipway/contracts";
import type { CommandContext } from "../commands/context.ts";
import { failure } from "../failure.ts";
import { pathOf } from "./api-client.ts";
import { nameOf } from "./resources.ts";

export type Many = {
  kind: KindName;
  names: readonly string[];
  group: string | undefined;
  action: BulkAction;
  /** What is said of each that it was done to. */
  done: string;
  set?: Record<string, string>;
  remove?: readonly string[];
  message?: string | undefined;
  /** What was last read of each, where that matters. */
  expected?: ReadonlyMap<string, { uid: string; version: number }>;
};

/**
 * Does one thing to several objects, says of each what became of it, and fails when one was refused; what was done to the
 * others stays.
 */
export async function changeMany({ api, terminal }: CommandContext, many: Many): Promise<void> {
  const { kind, names, group = DEFAULT_GROUP, action, done, set, remove, message, expected } = many;
  const { results, refused } = await api().call({
    method: "POST",
    path: pathOf("bulk", KINDS[kind].plural),
    body: {
      action,
      group,
      items: names.map((name) => ({ name, ...expected?.get(name) })),
      ...(set === undefined ? {} : { set }),
      ...(remove === undefined ? {} : { remove }),
      ...(message === undefined ? {} : { message }),
    },
    answer: bulkAnswer,
  });
  for (const result of results) {
    const name = nameOf({ kind, name: result.name });
    if (result.outcome === "done") terminal.print(`${name} ${done}`);
    else terminal.note(`${name}: ${result.error}`);
  }
  if (refused > 0) throw failure("some_refused", { refused, total: results.length });
}
