import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "../frame/group.ts";

/** The tabs of a deployment's page, in their order. */
export const TABS = ["overview", "try", "metrics", "logs", "events", "history", "access", "config"] as const;
export type Tab = (typeof TABS)[number];
export const TAB_PARAMETER = "tab";

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

/** The address of the list that a deployment stands in. */
export function pathOfList(group: string): string {
  return withQuery(
    "/deployments",
    new URLSearchParams(group === DEFAULT_GROUP_NAME ? {} : { [GROUP_PARAMETER]: group }),
  );
}

function withQuery(path: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query === "" ? path : `${path}?${query}`;
}
