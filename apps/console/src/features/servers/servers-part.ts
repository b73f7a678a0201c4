import type { ResourceView } from "@slipway/contracts";
import { EVERY_GROUP } from "../frame/group.ts";

/** Servers, and where more of them begin. */
export type ServersPart = { items: ResourceView[]; next: string | null };

/** The tenant whose servers take models of every group, as in packages/contracts; that file would bring zod along. */
const PLATFORM_GROUP_NAME = "platform";
/** Servers of one group that a page shows at most. */
export const SERVERS_MAX = 1_000;

/** Whose servers the models of a group may be placed on. */
export function groupsOf(group: string): string[] {
  if (group === EVERY_GROUP) return [EVERY_GROUP];
  return [...new Set([PLATFORM_GROUP_NAME, group])];
}

/** The answers for several groups as one. */
export function joinParts(parts: readonly ServersPart[]): ServersPart {
  return {
    items: parts.flatMap(({ items }) => items),
    next: parts.find(({ next }) => next !== null)?.next ?? null,
  };
}
