import type { ResourceView } from "@slipway/contracts";
import type { ResourceNews } from "../../trpc/follow-live.ts";
import { EVERY_GROUP } from "../frame/group.ts";

/** One page of a list, and where the next one begins. */
export type Part = { items: ResourceView[]; next: string | null };
export type Shown = { group: string; search: string };
export type Patched = {
  parts: Part[];
  /** The news speaks of something that these parts do not hold and may have to: read them again. */
  isIncomplete: boolean;
};

/** Puts news into what is shown, line by line, without moving any. */
export function applyNews(parts: readonly Part[], news: ResourceNews, shown: Shown): Patched {
  if (news.type === "list") return { parts: [...parts], isIncomplete: true };
  const changed = new Map(news.resources.map((resource) => [resource.metadata.uid, resource]));
  const removed = new Set(news.removed);
  const held = new Set(parts.flatMap(({ items }) => items.map(({ metadata }) => metadata.uid)));
  return {
    parts: parts.map(({ items, next }) => ({
      items: items
        .filter(({ metadata }) => !removed.has(metadata.uid))
        .map((item) => newer(item, changed.get(item.metadata.uid))),
      next,
    })),
    isIncomplete: news.resources.some((resource) => !held.has(resource.metadata.uid) && belongs(resource, shown)),
  };
}

/** A list that was read meanwhile may already hold a later version than the news that is under way. */
export function newer(held: ResourceView, news: ResourceView | undefined): ResourceView {
  return news === undefined || news.metadata.version < held.metadata.version ? held : news;
}

function belongs({ metadata }: ResourceView, { group, search }: Shown): boolean {
  if (group !== EVERY_GROUP && metadata.group !== group) return false;
  const wanted = search.toLowerCase();
  return metadata.name.includes(wanted) || (metadata.title ?? "").toLowerCase().includes(wanted);
}
