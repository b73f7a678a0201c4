import { DEFAULT_GROUP_NAME, EVERY_GROUP, GROUP_PARAMETER } from "../frame/group.ts";

/** The tabs of a deployment's page, in their order. */
export const TABS = ["overview", "try", "metrics", "logs", "events", "history", "access", "config"] as const;
export type Tab = (typeof TABS)[number];
export const TAB_PARAMETER = "tab";
/** The form for a new deployment. No name is `-`, so a deployment may be called whatever it likes, `new` too. */
export const NEW_PATH = "/deployments/-/new";
/** In the URL of a new deployment: the one that it begins like. */
export const CLONE_PARAMETER = "clone";

/** In a URL: which dialog the page opens with. */
export const ACTION_PARAMETER = "do";

export type DeploymentKey = { group: string; name: string };

/** The tab that a URL names; the first for anything else. */
export function tabOf(word: string | null): Tab {
  return TABS.find((tab) => tab === word) ?? "overview";
}

/** The address of a deployment's page; what goes without saying stays out of it. */
export function pathOfDeployment({ group, name }: DeploymentKey, tab: Tab = "overview"): string {
  const parameters = new URLSearchParams();
  if (group !== DEFAULT_GROUP_NAME) parameters.set(GROUP_PARAMETER, group);
  if (tab !== "overview") parameters.set(TAB_PARAMETER, tab);
  return withQuery(`/deployments/${encodeURIComponent(name)}`, parameters);
}

/** Where a deployment is changed. */
export function pathOfEdit({ group, name }: DeploymentKey): string {
  return withQuery(`/deployments/${encodeURIComponent(name)}/edit`, inGroup(group));
}

/** Where a new deployment is made; `clone` begins with what another one of the group has. */
export function pathOfNew(group: string, clone?: string): string {
  const parameters = inGroup(group === EVERY_GROUP ? DEFAULT_GROUP_NAME : group);
  if (clone !== undefined) parameters.set(CLONE_PARAMETER, clone);
  return withQuery(NEW_PATH, parameters);
}

/** The address of the list that a deployment stands in. */
export function pathOfList(group: string): string {
  return withQuery("/deployments", inGroup(group));
}

function inGroup(group: string): URLSearchParams {
  return new URLSearchParams(group === DEFAULT_GROUP_NAME ? {} : { [GROUP_PARAMETER]: group });
}

function withQuery(path: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query === "" ? path : `${path}?${query}`;
}
