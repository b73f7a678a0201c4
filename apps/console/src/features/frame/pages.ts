import type { IconName } from "@slipway/ui/icon";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";

/** The pages of the navigation, in its order. */
export const PAGES = [
  { path: "/deployments", word: "Deployments", icon: "layers" },
  { path: "/models", word: "Models", icon: "box" },
  { path: "/servers", word: "Servers", icon: "servers" },
  { path: "/activity", word: "Activity", icon: "pulse" },
] as const satisfies readonly { path: string; word: string; icon: IconName }[];

/** Pages of those who are not signed in: they have no navigation. */
const OUTSIDE = ["/sign-in"];

/** Whether a page is for those who are not signed in. */
export function isOutside(pathname: string): boolean {
  return OUTSIDE.some((path) => isBelow(path, pathname));
}

/** Whether an address is of a page or of something on it. */
export function isBelow(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}

/** The address of a page for a group; the default one goes without saying. */
export function withGroup(path: string, group: string): string {
  return group === DEFAULT_GROUP_NAME ? path : `${path}?${GROUP_PARAMETER}=${encodeURIComponent(group)}`;
}

/** Where another group is shown: the same page, or the list of what the open object is one of. */
export function pathForGroup(pathname: string, group: string): string {
  const page = PAGES.find(({ path }) => isBelow(path, pathname));
  return withGroup(page?.path ?? pathname, group);
}

/** The list that the open object is one of; null on a list itself and on whatever is filled in, which Escape must not leave. */
export function listAbove(pathname: string): string | null {
  const [, page = "", name = "", ...rest] = pathname.split("/");
  const isObject = name !== "" && rest.length === 0;
  return isObject && PAGES.some(({ path }) => path === `/${page}`) ? `/${page}` : null;
}
