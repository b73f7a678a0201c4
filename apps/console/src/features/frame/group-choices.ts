import type { GroupView } from "@slipway/contracts";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "./group.ts";

export type GroupChoice = { group: string; words: string };

/**
 * The groups that a person can switch to: the default one first, then those that have something, then all together. The
 * one that is open is always among them, for an address may name one that has nothing yet.
 */
export function groupChoices(groups: readonly GroupView[], open: string): GroupChoice[] {
  const names = new Set([DEFAULT_GROUP_NAME, ...groups.map(({ name }) => name)]);
  if (open !== EVERY_GROUP) names.add(open);
  const counts = new Map(groups.map(({ name, deployments }) => [name, deployments]));
  const words = (name: string) => {
    const count = counts.get(name) ?? 0;
    return count === 0 ? name : `${name} (${count})`;
  };
  return [...[...names].map((group) => ({ group, words: words(group) })), { group: EVERY_GROUP, words: "all groups" }];
}
