import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "../frame/group.ts";

/** What of the activity a page shows; an empty text = all. */
export type ActivityFilter = {
  kind: string;
  name: string;
  actor: string;
  /** The verb, as `deployment.scale`. */
  action: string;
  /** Since then: as `-24h`, or a moment in ISO 8601. */
  from: string;
  to: string;
};
export type ActivityQuery = ActivityFilter & {
  group: string;
  /** Where the page before ended; empty = the newest. */
  after: string;
};

export const NO_FILTER: ActivityFilter = { kind: "", name: "", actor: "", action: "", from: "", to: "" };

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
    action: read("action"),
    from: read("from"),
    to: read("to"),
    after: read("after"),
  };
}

/** The address that shows this, without what goes without saying. */
export function addressOf({ group, ...rest }: ActivityQuery): string {
  const said = saidOf({ group, ...rest });
  return said === "" ? "/activity" : `/activity?${said}`;
}

/** Where what is shown, and all older pages of it, is had as a file. */
export function exportAddressOf({ after: _, ...filter }: ActivityQuery, format: "csv" | "ndjson"): string {
  const said = saidOf({ ...filter, after: "" });
  return `/api/v1/activity/export?${said === "" ? "" : `${said}&`}format=${format}`;
}

function saidOf({ group, ...rest }: ActivityQuery): string {
  const all = { [GROUP_PARAMETER]: group === DEFAULT_GROUP_NAME ? "" : group, ...rest };
  return String(new URLSearchParams(Object.entries(all).filter(([, value]) => value !== "")));
}

/** Whether only a part of the group's activity is asked for. */
export function isFiltered({ kind, name, actor, action, from, to }: ActivityFilter): boolean {
  return [kind, name, actor, action, from, to].some((part) => part !== "");
}
