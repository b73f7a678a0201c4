"use client";
import type { DeploymentRow } from "@slipway/contracts";
import { Button, buttonClass } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import Link from "next/link";
import { useCallback, useRef, useState } from "react";
import { pathOfNew } from "../deployment/deployment-path.ts";
import { EVERY_GROUP } from "../frame/group.ts";
import { usePreferences } from "../frame/use-preferences.tsx";
import { BulkBar, BulkRefused } from "./bulk-bar.tsx";
import { ColumnMenu } from "./column-menu.tsx";
import { CopyCurlButton } from "./copy-curl-button.tsx";
import { NothingDeployed, NothingFound } from "./deployments-empty.tsx";
import { DeploymentsTable } from "./deployments-table.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { isNarrowed, type ListQuery, listAddress, withoutFilters } from "./list-query.ts";
import type { FirstList } from "./read-list.ts";
import { NOTHING_SELECTED, type Selection, toggle, toggleAll } from "./selection.ts";
import { useAnnouncement } from "./use-announcement.ts";
import { useBulk } from "./use-bulk.ts";
import { useDeployments } from "./use-deployments.ts";
import { useHeldRows } from "./use-held-rows.ts";
import { useListQuery } from "./use-list-query.ts";
import { useNow } from "./use-now.ts";
import { useRates } from "./use-rates.ts";
import { useRowKeys } from "./use-row-keys.ts";
import { ViewMenu } from "./view-menu.tsx";

const CLOCK_EVERY_MS = 10_000;

type Props = { first: FirstList; firstQuery: ListQuery; nowMs: number };

/** The live list: what narrows it, its lines, what to do with those that are marked, and what to say when there are none. */
export function DeploymentsList({ first, firstQuery, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const { query, settled, choose, type, searchSetAnew } = useListQuery();
  const deployments = useDeployments(settled, { query: firstQuery, part: first.part, facets: first.facets });
  const { rows, total, more, isReading } = deployments;
  const key = listAddress({ ...settled, columns: [], density: "comfortable" });
  const { rows: shown, waiting, release, holdProps } = useHeldRows(rows, `${key} ${rows.length > 0 && isReading}`);
  const announcement = useAnnouncement(rows, key);
  const list = useRef<HTMLDivElement>(null);
  const rates = useRates(list, shown, settled.group);
  useRowKeys(list, usePreferences().preferences.hasShortcuts);
  const marks = useSelection(shown, key);
  const bulk = useBulk(deployments.readAgain);
  const { gatewayUrl } = first;
  const { readSample } = deployments;
  const action = useCallback(
    ({ name, group, visibility }: DeploymentRow) => (
      <CopyCurlButton
        row={{ name, group, isPublic: visibility === "public" }}
        gatewayUrl={gatewayUrl}
        readSample={readSample}
      />
    ),
    [gatewayUrl, readSample],
  );

  return (
    <div className="@container">
      <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Deployments</h1>
          <p className="mt-0.5 text-ink-soft text-sm">
            <span className="tabular-nums">{total.toLocaleString("en")}</span>{" "}
            {total === 1 ? "deployment" : "deployments"}
            {isNarrowed(settled) ? " match" : ""}
            {total === 1 && isNarrowed(settled) ? "es" : ""}
          </p>
        </div>
        <Link href={pathOfNew(settled.group)} prefetch={false} className={buttonClass("primary")}>
          <Icon name="plus" />
          New deployment
        </Link>
      </div>
      <FilterBar {...{ query, choose, type, searchSetAnew }} facets={deployments.facets}>
        <ViewMenu query={query} choose={choose} first={first.views} />
        <ColumnMenu query={query} choose={choose} />
      </FilterBar>
      <p role="status" aria-live="polite" className="sr-only">
        {announcement}
      </p>
      <BulkRefused bulk={bulk} />
      {rows.length === 0 && !isReading ? <Nothing query={settled} choose={choose} /> : null}
      {shown.length === 0 ? null : (
        <div ref={list} {...holdProps} aria-busy={isReading} className={isReading ? "opacity-60" : ""}>
          {waiting === 0 ? null : (
            <p className="sticky top-16 z-10 mb-2 text-center">
              <Button onClick={release} className="shadow-md">
                Show {waiting} {waiting === 1 ? "change" : "changes"}
              </Button>
            </p>
          )}
          <DeploymentsTable
            rows={shown}
            query={query}
            choose={choose}
            withGroup={settled.group === EVERY_GROUP}
            nowMs={now}
            rates={rates}
            selected={marks.selected}
            select={marks.select}
            selectAll={marks.selectAll}
            action={action}
          />
        </div>
      )}
      {more === null ? null : (
        <p className="mt-4 text-center">
          <Button onClick={more} disabled={deployments.isReadingMore}>
            {deployments.isReadingMore ? "Reading…" : "Show more"}
          </Button>
          <span className="mt-1 block text-ink-soft text-sm">
            {rows.length.toLocaleString("en")} of {total.toLocaleString("en")} are shown
          </span>
        </p>
      )}
      {marks.rows.length === 0 ? null : <BulkBar rows={marks.rows} bulk={bulk} clear={marks.clear} />}
    </div>
  );
}

function Nothing({ query, choose }: { query: ListQuery; choose: (next: ListQuery) => void }) {
  if (!isNarrowed(query)) return <NothingDeployed group={query.group} />;
  return <NothingFound search={query.search} clear={() => choose(withoutFilters(query))} />;
}

/** Which of the shown lines are marked; another list begins with none. */
function useSelection(shown: readonly DeploymentRow[], key: string) {
  const [held, setHeld] = useState<{ selection: Selection; key: string }>({ selection: NOTHING_SELECTED, key });
  const selection = held.key === key ? held.selection : NOTHING_SELECTED;
  const latest = useRef({ shown, selection, key });
  latest.current = { shown, selection, key };
  const change = useCallback((next: (selection: Selection, uids: string[]) => Selection) => {
    const now = latest.current;
    setHeld({
      selection: next(
        now.selection,
        now.shown.map(({ uid }) => uid),
      ),
      key: now.key,
    });
  }, []);
  return {
    selected: selection.uids,
    rows: shown.filter(({ uid }) => selection.uids.has(uid)),
    select: useCallback(
      (uid: string, isRange: boolean) => change((before, uids) => toggle(before, uids, uid, isRange)),
      [change],
    ),
    selectAll: useCallback(() => change(toggleAll), [change]),
    clear: useCallback(() => change(() => NOTHING_SELECTED), [change]),
  };
}
