import type { DeploymentRow, DeploymentRowPage } from "@slipway/contracts";
import type { ResourceNews } from "../../trpc/follow-live.ts";
import { EVERY_GROUP } from "../frame/group.ts";
import { withView } from "./list-row.ts";

export type Patched = {
  parts: DeploymentRowPage[];
  /** Lines may have to come, go or move: read them again. */
  isIncomplete: boolean;
};

/** Whether what is shown depends on more than the names: then a change of a line may move it or take it away. */
export type Shown = { group: string; dependsOnState: boolean };

/** Puts news into the lines that are held, each in its place. */
export function patchRows(parts: readonly DeploymentRowPage[], news: ResourceNews, shown: Shown): Patched {
  if (news.type === "list") return { parts: [...parts], isIncomplete: true };
  const changed = new Map(news.resources.map((resource) => [resource.metadata.uid, resource]));
  const removed = new Set(news.removed);
  const held = new Set<string>();
  let isUnresolved = false;
  const patch = (row: DeploymentRow) => {
    held.add(row.uid);
    const view = changed.get(row.uid);
    // A list that was read meanwhile may already hold a later version than the news that is under way.
    if (view === undefined || view.metadata.version < row.version) return row;
    // The feed does not tell which version an alias of the registry stands for.
    isUnresolved ||= row.model.registered !== null && view.metadata.version > row.version;
    return withView(row, view);
  };
  const next = parts.map(({ items, next }) => ({
    items: items.filter(({ uid }) => !removed.has(uid)).map(patch),
    next,
  }));
  const inGroup = news.resources.filter(
    ({ metadata }) => shown.group === EVERY_GROUP || metadata.group === shown.group,
  );
  const isIncomplete = isUnresolved || inGroup.some(({ metadata }) => shown.dependsOnState || !held.has(metadata.uid));
  return { parts: next, isIncomplete };
}
