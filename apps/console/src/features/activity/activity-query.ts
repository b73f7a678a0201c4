import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "../frame/group.ts";

/** What of the activity a page shows; an empty text = all. */
export type ActivityFilter = { kind: string; name: string; actor: string };
export type ActivityQuery = ActivityFilter & {
  group: string;
  /** Where the page before ended; empty = the newest. */
  after: string;
};

export const NO_FILTER: ActivityFilter = { kind: "", name: "", actor: "" };

/** What an address asks for; of a parameter that stands there twice the first counts. */
export function queryOf(parameters: Readonly<Record<string, string | string[] | undefined>>): ActivityQuery {
  const read = (name: string) => {
    const value = parameters[name];
    return (Array.isArray(value) ? value[0] : value) ?? "";
  };
  return {
    group: read(GROUP_PARAMETER) || DEFAULT_GROUP_NAME,
    kind: read("kind"),
    name: read("name"),
    actor: read("actor"),
    after: read("after"),
  };
}

/** The address that shows this, without what goes without saying. */
export function addressOf({ group, ...rest }: ActivityQuery): string {
  const all = { [GROUP_PARAMETER]: group === DEFAULT_GROUP_NAME ? "" : group, ...rest };
  const said = Object.entries(all).filter(([, value]) => value !== "");
  return said.length === 0 ? "/activity" : `/activity?${new URLSearchParams(said)}`;
}

/** Whether only a part of the group's activity is asked for. */
export function isFiltered({ kind, name, actor }: ActivityFilter): boolean {
  return kind !== "" || name !== "" || actor !== "";
}
