import {
  DEPLOYMENT_ORDERS,
  DEPLOYMENT_SORTS,
  type DeploymentOrder,
  type DeploymentSort,
  FACET_NAMES,
  type FacetName,
} from "@slipway/contracts/list-words";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "../frame/group.ts";
import { COLUMNS, type ColumnName, DEFAULT_COLUMNS } from "./columns.ts";

/** Lines of one page of the list. */
export const PAGE_ROWS = 50;

/** Values of each facet; one that begins with `!` is left out. */
export type Choices = { readonly [Name in FacetName]: readonly string[] };
export type Density = "comfortable" | "compact";

/** Everything about the list that its address says. */
export type ListQuery = {
  group: string;
  search: string;
  choices: Choices;
  sort: DeploymentOrder;
  columns: readonly ColumnName[];
  density: Density;
};

export const NO_CHOICES: Choices = {
  attention: [],
  lifecycle: [],
  health: [],
  environment: [],
  visibility: [],
  format: [],
  labels: [],
};

type Parameters = Pick<URLSearchParams, "get">;

/** Reads an address; what it does not say goes without saying, and what cannot be is left out. */
export function readListQuery(parameters: Parameters): ListQuery {
  const split = (name: string) => (parameters.get(name) ?? "").split(",").filter((part) => part !== "");
  const columns = COLUMNS.filter((column) => split("columns").includes(column));
  const given = parameters.get("sort") ?? "name";
  return {
    group: parameters.get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME,
    search: parameters.get("search") ?? "",
    choices: {
      attention: split("attention"),
      lifecycle: split("lifecycle"),
      health: split("health"),
      environment: split("environment"),
      visibility: split("visibility"),
      format: split("format"),
      labels: split("labels"),
    },
    sort: DEPLOYMENT_ORDERS.find((order) => order === given) ?? "name",
    columns: parameters.get("columns") === null ? DEFAULT_COLUMNS : columns,
    density: parameters.get("density") === "compact" ? "compact" : "comfortable",
  };
}

/** What of a query an address says, without the group: the query of a saved view. */
export function viewText({ search, choices, sort, columns, density }: ListQuery): string {
  const parameters = new URLSearchParams();
  if (search !== "") parameters.set("search", search);
  for (const facet of FACET_NAMES) if (choices[facet].length > 0) parameters.set(facet, choices[facet].join(","));
  if (sort !== "name") parameters.set("sort", sort);
  if (columns.join() !== DEFAULT_COLUMNS.join()) parameters.set("columns", columns.join(","));
  if (density !== "comfortable") parameters.set("density", density);
  // Commas and signs of exclusion need no code in a query, and an address is also read by people.
  return parameters.toString().replaceAll("%2C", ",").replaceAll("%21", "!");
}

/** The address of the list as a query says it. */
export function listAddress(query: ListQuery): string {
  const text = viewText(query);
  const group = query.group === DEFAULT_GROUP_NAME ? "" : `${GROUP_PARAMETER}=${encodeURIComponent(query.group)}`;
  const all = [group, text].filter((part) => part !== "").join("&");
  return all === "" ? "/deployments" : `/deployments?${all}`;
}

/** The query that a saved view stands for, in a group. */
export function queryOfView(text: string, group: string): ListQuery {
  return { ...readListQuery(new URLSearchParams(text)), group };
}

/** What the API takes to narrow the list. */
export function filterParameters({ group, search, choices }: ListQuery): { group: string } & Record<string, string> {
  const facets = FACET_NAMES.filter((facet) => choices[facet].length > 0).map((facet) => [
    facet,
    choices[facet].join(","),
  ]);
  return { group, ...(search === "" ? {} : { search }), ...Object.fromEntries(facets) };
}

/** Whether anything narrows the list. */
export function isNarrowed({ search, choices }: ListQuery): boolean {
  return search !== "" || FACET_NAMES.some((facet) => choices[facet].length > 0);
}

/** The same query without what narrows it. */
export function withoutFilters(query: ListQuery): ListQuery {
  return { ...query, search: "", choices: NO_CHOICES };
}

/** The same query with other values of one facet. */
export function withChoice(query: ListQuery, facet: FacetName, values: readonly string[]): ListQuery {
  return { ...query, choices: { ...query.choices, [facet]: values } };
}

/** What an order sorts by, whichever way round. */
export function sortOf(order: DeploymentOrder): DeploymentSort {
  return DEPLOYMENT_SORTS.find((sort) => sort === order || `-${sort}` === order) ?? "name";
}

/** A press on a column: its order, the other way round when it is sorted by already. Figures begin with the largest. */
export function nextSort(now: DeploymentOrder, sort: DeploymentSort): DeploymentOrder {
  const first: DeploymentOrder = LARGEST_FIRST.includes(sort) ? `-${sort}` : sort;
  if (now !== first) return first;
  return first === sort ? `-${sort}` : sort;
}

const LARGEST_FIRST: readonly DeploymentSort[] = ["updated", "created", "replicas", "requests", "p95", "errors"];
