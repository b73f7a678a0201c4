import { DEPLOYMENT_ORDERS, FACET_NAMES } from "@slipway/contracts/list-words";
import fc from "fast-check";
import { expect, test } from "vitest";
import { COLUMNS, DEFAULT_COLUMNS } from "./columns.ts";
import { labelNames, readTypedLabels } from "./label-change.ts";
import {
  filterParameters,
  isNarrowed,
  type ListQuery,
  listAddress,
  nextSort,
  queryOfView,
  readListQuery,
  viewText,
  withChoice,
  withoutFilters,
} from "./list-query.ts";
import { NOTHING_SELECTED, toggle, toggleAll } from "./selection.ts";

const read = (text: string) => readListQuery(new URLSearchParams(text));
const value = fc.stringMatching(/^!?[A-Za-z0-9=._-]{1,12}$/);
const anyQuery: fc.Arbitrary<ListQuery> = fc.record({
  group: fc.constantFrom("default", "growth", "*"),
  search: fc.string(),
  choices: fc.record({
    attention: fc.array(value),
    lifecycle: fc.array(value),
    health: fc.array(value),
    environment: fc.array(value),
    visibility: fc.array(value),
    format: fc.array(value),
    labels: fc.array(value),
  }),
  sort: fc.constantFrom(...DEPLOYMENT_ORDERS),
  columns: fc.subarray([...COLUMNS]),
  density: fc.constantFrom("comfortable", "compact"),
});

test("an address says the whole of a query, and reading it gives the same again", () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      expect(readListQuery(new URL(listAddress(query), "http://x").searchParams)).toEqual(query);
    }),
  );
});

test("the plain list has the plain address, and an unknown order or column is left out", () => {
  expect(listAddress(read(""))).toBe("/deployments");
  expect(listAddress(read("group=growth&sort=-p95&health=Failed,!Unknown"))).toBe(
    "/deployments?group=growth&health=Failed,!Unknown&sort=-p95",
  );
  expect(read("sort=size&columns=status,nonsense&density=huge")).toMatchObject({
    sort: "name",
    columns: ["status"],
    density: "comfortable",
  });
});

test("a view keeps everything but the group, so that it holds in every group", () => {
  const query = read("group=growth&attention=any&sort=-updated&columns=status,owner");
  expect(viewText(query)).toBe("attention=any&sort=-updated&columns=status,owner");
  expect(queryOfView(viewText(query), "default")).toEqual({ ...query, group: "default" });
});

test("the server is asked for what narrows the list, and clearing the filters keeps the rest", () => {
  const query = read("search=iris&labels=team=growth&sort=-p95&density=compact");
  expect(filterParameters(query)).toEqual({ group: "default", search: "iris", labels: "team=growth" });
  expect(isNarrowed(query)).toBe(true);
  const cleared = withoutFilters(query);
  expect(isNarrowed(cleared)).toBe(false);
  expect(cleared).toMatchObject({ sort: "-p95", density: "compact" });
  for (const facet of FACET_NAMES) expect(isNarrowed(withChoice(cleared, facet, ["x"]))).toBe(true);
});

test("a column sorts figures by the largest first and words from the beginning, and turns round on the next press", () => {
  expect(nextSort("name", "requests")).toBe("-requests");
  expect(nextSort("-requests", "requests")).toBe("requests");
  expect(nextSort("requests", "requests")).toBe("-requests");
  expect(nextSort("-p95", "health")).toBe("health");
  expect(nextSort("health", "health")).toBe("-health");
});

test("the shown columns stand in their own order whatever order an address names them in", () => {
  expect(read("columns=updated,status").columns).toEqual(["status", "updated"]);
  expect(read("columns=").columns).toEqual([]);
  expect(read("").columns).toEqual(DEFAULT_COLUMNS);
});

test("a press marks a line, Shift marks the lines between, and all of them are marked or none", () => {
  const shown = ["a", "b", "c", "d"];
  const one = toggle(NOTHING_SELECTED, shown, "b", false);
  const range = toggle(one, shown, "d", true);
  expect([...range.uids].sort()).toEqual(["b", "c", "d"]);
  expect([...toggle(range, shown, "c", false).uids].sort()).toEqual(["b", "d"]);
  expect([...toggle(NOTHING_SELECTED, shown, "c", true).uids]).toEqual(["c"]);
  expect([...toggleAll(range, shown).uids]).toHaveLength(4);
  expect([...toggleAll(toggleAll(range, shown), shown).uids]).toHaveLength(0);
});

test("labels are typed as name=value, and what is none is said", () => {
  expect(readTypedLabels("team=growth, tier = one\nempty=")).toEqual({
    set: { team: "growth", tier: "one", empty: "" },
    problem: "",
  });
  expect(readTypedLabels("team").problem).toContain("“team” must be name=value");
  expect(labelNames([{ labels: { b: "1", a: "2" } }, { labels: { a: "3" } }])).toEqual([
    { name: "a", count: 2 },
    { name: "b", count: 1 },
  ]);
});
