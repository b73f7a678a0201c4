import type { DeploymentFacets, DeploymentOrder } from "@slipway/contracts";
import { DEPLOYMENT_ORDERS, FACET_NAMES } from "@slipway/contracts/list-words";
import { Button, buttonClass } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import type { ReactNode } from "react";
import { SORT_WORDS } from "./columns.ts";
import { FacetMenu } from "./facet-menu.tsx";
import { isNarrowed, type ListQuery, sortOf, withChoice, withoutFilters } from "./list-query.ts";
import { ListSearch } from "./list-search.tsx";
import type { QueryHandle } from "./use-list-query.ts";

type Props = Pick<QueryHandle, "query" | "choose" | "type" | "searchSetAnew"> & {
  facets: DeploymentFacets["facets"] | null;
  children: ReactNode;
};

const MENUS = FACET_NAMES.filter((facet) => facet !== "attention");

/** Everything that narrows and sorts the list; `children` stand at its end. */
export function FilterBar({ query, choose, type, searchSetAnew, facets, children }: Props) {
  const attention = facets?.attention?.find(({ value }) => value === "any")?.count ?? 0;
  const isAttention = query.choices.attention.length > 0;
  return (
    <search className="mb-3 block">
      <div className="flex flex-wrap items-center gap-2">
        <ListSearch search={query.search} type={type} searchSetAnew={searchSetAnew} />
        <button
          type="button"
          aria-pressed={isAttention}
          onClick={() => choose(withChoice(query, "attention", isAttention ? [] : ["any"]))}
          className={`${buttonClass("plain")} ${isAttention ? "border-warn bg-warn-soft text-warn" : ""}`}
        >
          <Icon name="warning" className={attention === 0 ? "text-ink-soft" : "text-warn"} />
          Needs attention
          <span className="tabular-nums">{attention}</span>
        </button>
        {MENUS.map((facet) => (
          <FacetMenu
            key={facet}
            facet={facet}
            values={facets?.[facet] ?? []}
            chosen={query.choices[facet]}
            choose={(values) => choose(withChoice(query, facet, values))}
          />
        ))}
        {isNarrowed(query) ? (
          <Button look="quiet" onClick={() => choose(withoutFilters(query))}>
            <Icon name="cross" />
            Clear filters
          </Button>
        ) : null}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <SortChoice query={query} choose={choose} />
          {children}
        </span>
      </div>
    </search>
  );
}

/** The order where lines are cards, which have no heads to press. */
function SortChoice({ query, choose }: { query: ListQuery; choose: (next: ListQuery) => void }) {
  return (
    <label className="flex items-center gap-2 text-ink-soft text-sm @4xl:hidden">
      Sort
      <select
        value={query.sort}
        onChange={({ target }) =>
          choose({ ...query, sort: DEPLOYMENT_ORDERS.find((order) => order === target.value) ?? "name" })
        }
        className="min-h-8 max-w-44 cursor-pointer rounded-md border border-outline bg-surface px-2 text-ink"
      >
        {DEPLOYMENT_ORDERS.map((order) => (
          <option key={order} value={order}>
            {orderWord(order)}
          </option>
        ))}
      </select>
    </label>
  );
}

function orderWord(order: DeploymentOrder): string {
  const [word, reversed] = SORT_WORDS[sortOf(order)];
  return order.startsWith("-") ? `${word}, ${reversed}` : word;
}
