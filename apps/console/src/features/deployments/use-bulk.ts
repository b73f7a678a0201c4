import type { BulkAction, BulkResult, DeploymentRow } from "@slipway/contracts";
import { useToasts } from "@slipway/ui/toast";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { type Action, useAction } from "../../trpc/use-action.ts";

/** How many one change may name; as packages/contracts, which would bring zod along. */
export const BULK_MAX = 500;

export type Refused = Extract<BulkResult, { outcome: "refused" }>;
export type BulkChange = { action: BulkAction; set?: Record<string, string>; remove?: string[] };

export type Bulk = {
  action: Action;
  /** What the last change could not be done to, and why. */
  refused: readonly Refused[];
  forget: () => void;
  /** Does one thing to these lines; resolves to whether it was done to any. */
  change: (rows: readonly DeploymentRow[], change: BulkChange) => Promise<boolean>;
};

const DONE: { readonly [Name in BulkAction]: string } = {
  start: "starting",
  stop: "stopping",
  label: "labelled",
  delete: "being deleted",
};

/** Changes many deployments at once, each as it was last seen here, and says what became of them. */
export function useBulk(readAgain: () => Promise<unknown>): Bulk {
  const action = useAction();
  const toasts = useToasts();
  const [refused, setRefused] = useState<readonly Refused[]>([]);

  async function change(rows: readonly DeploymentRow[], wanted: BulkChange): Promise<boolean> {
    const answer = await action.run(() => ask(rows, wanted));
    if (answer === null) return false;
    setRefused(answer.results.flatMap((result) => (result.outcome === "refused" ? [result] : [])));
    if (answer.done > 0) {
      const back = wanted.action === "stop" ? "start" : wanted.action === "start" ? "stop" : null;
      const done = answer.results.flatMap((result) => (result.outcome === "done" ? [result] : []));
      toasts.show({
        words: `${answer.done} ${answer.done === 1 ? "deployment is" : "deployments are"} ${DONE[wanted.action]}.`,
        ...(back === null ? {} : { undo: { run: () => takeBack(done, back) } }),
      });
    }
    await readAgain();
    return answer.done > 0;
  }

  /** As they are since the change: what somebody changed meanwhile is refused. */
  async function takeBack(done: readonly { group: string; name: string; version: number }[], back: "start" | "stop") {
    const items = done.map(({ group, name, version }) => ({ group, name, version }));
    const answer = await trpc.bulk.change.mutate({ kind: "deployments", action: back, items });
    setRefused(answer.results.flatMap((result) => (result.outcome === "refused" ? [result] : [])));
    await readAgain();
  }

  return { action, refused, forget: () => setRefused([]), change };
}

function ask(rows: readonly DeploymentRow[], change: BulkChange) {
  const items = rows.map(({ group, name, uid, version }) => ({ group, name, uid, version }));
  return trpc.bulk.change.mutate({ kind: "deployments", items, ...change });
}
