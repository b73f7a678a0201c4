import {
  type DeploymentOrder,
  type DeploymentSort,
  deploymentSort,
  type health,
  isStorable,
  lifecycle,
  SlipwayError,
} from "@slipway/contracts";
import * as z from "zod";
import { readPosition, writePosition } from "../keyset.ts";
import type { Parameters } from "./deployment-filter.ts";

/** What a list is sorted by: an expression on the entry `e`, and its type. */
type SortKey = { sql: string; type: "text" | "timestamptz" | "int" | "float8" };

const WORST_FIRST = [
  "Failed",
  "Degraded",
  "Unknown",
  "Healthy",
] as const satisfies readonly (typeof health.options)[number][];

const KEYS: { readonly [Sort in DeploymentSort]: SortKey } = {
  name: { sql: "e.name", type: "text" },
  updated: { sql: "e.updated_at", type: "timestamptz" },
  created: { sql: "e.created_at", type: "timestamptz" },
  lifecycle: { sql: rank("e.lifecycle", lifecycle.options), type: "int" },
  health: { sql: rank("e.health", WORST_FIRST), type: "int" },
  replicas: { sql: "e.ready", type: "int" },
  // What has no figure counts as less than any that has one.
  requests: { sql: "coalesce(e.requests_per_second, -1)", type: "float8" },
  p95: { sql: "coalesce(e.p95_ms, -1)", type: "float8" },
  errors: { sql: "coalesce(e.server_error_rate, -1)", type: "float8" },
};

function rank(column: string, values: readonly string[]): string {
  return `array_position(ARRAY[${values.map((value) => `'${value}'`).join(", ")}], ${column})`;
}

/** How the database writes what it sorts by. */
const KEY_TEXTS: { readonly [Type in SortKey["type"]]: RegExp } = {
  text: /^.*$/s,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/,
  int: /^-?\d{1,9}$/,
  float8: /^-?\d{1,15}(\.\d{1,17})?(e[+-]?\d{1,2})?$/,
};

const text = z.string().refine(isStorable);
/** The end of a page: the order, and where its last line stands in it. */
const position = z.tuple([z.string(), text, text, text]);
export type Place = { key: string; group: string; name: string };

function sortKey(order: DeploymentOrder): SortKey {
  return KEYS[deploymentSort.parse(order.startsWith("-") ? order.slice(1) : order)];
}

/** How a statement sorts by an order: equal keys by group and name, so that every line has one place. */
export type OrderSql = { key: string; orderBy: string; after: (place: Place, parameters: Parameters) => string };

export function orderSql(order: DeploymentOrder): OrderSql {
  const isDescending = order.startsWith("-");
  const { sql, type } = sortKey(order);
  return {
    key: sql,
    orderBy: `${sql}${isDescending ? " DESC" : ""}, e."group", e.name`,
    after({ key, group, name }, parameters) {
      const at = `${parameters.add(key)}::${type}`;
      const rest = `(e."group", e.name) > (${parameters.add(group)}, ${parameters.add(name)})`;
      return `(${sql} ${isDescending ? "<" : ">"} ${at} OR (${sql} = ${at} AND ${rest}))`;
    },
  };
}

/** Where a page ends, for the one after it. */
export function writePlace(order: DeploymentOrder, { key, group, name }: Place): string {
  return writePosition([order, key, group, name]);
}

/** @throws request/invalid for a text that no list of this order gave */
export function readPlace(order: DeploymentOrder, text: string): Place {
  const [given, key, group, name] = readPosition(position, text);
  if (given !== order) {
    const problem = `The place to go on from is one of a list sorted by ${given}; this one is sorted by ${order}.`;
    throw new SlipwayError("request/invalid", { problem }, { field: "after" });
  }
  if (!KEY_TEXTS[sortKey(order).type].test(key)) {
    throw new SlipwayError("request/invalid", { problem: "The place to go on from is not one." }, { field: "after" });
  }
  return { key, group, name };
}
