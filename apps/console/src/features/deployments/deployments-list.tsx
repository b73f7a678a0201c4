"use client";
import { Button, buttonClass } from "@slipway/ui/button";
import { SearchField } from "@slipway/ui/search-field";
import Link from "next/link";
import { pathOfNew } from "../deployment/deployment-path.ts";
import { EVERY_GROUP } from "../frame/group.ts";
import { CopyCurlButton } from "./copy-curl-button.tsx";
import { needsAttention } from "./deployment-row.ts";
import { NothingDeployed, NothingFound } from "./deployments-empty.tsx";
import type { DeploymentsPart } from "./deployments-part.ts";
import { DeploymentsTable } from "./deployments-table.tsx";
import { useAnnouncement } from "./use-announcement.ts";
import { useDeployments } from "./use-deployments.ts";
import { useHeldRows } from "./use-held-rows.ts";
import { useNow } from "./use-now.ts";
import { useSearch } from "./use-search.ts";

const CLOCK_EVERY_MS = 10_000;

type Props = { group: string; search: string; firstPart: DeploymentsPart; gatewayUrl: string; nowMs: number };

/** The live list: search, lines, and what to say when there are none. */
export function DeploymentsList({ group, search, firstPart, gatewayUrl, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const { typed, settled, type } = useSearch();
  const { rows, more, readSample } = useDeployments({
    group,
    search: settled,
    first: { search, part: firstPart },
  });
  const { rows: shown, waiting, release, holdProps } = useHeldRows(rows);
  const announcement = useAnnouncement(rows, `${group} ${settled}`);
  const attention = rows.filter(needsAttention).length;

  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-x-6 gap-y-3">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Deployments</h1>
          <p className="mt-0.5 text-ink-soft text-sm">
            {rows.length}
            {more === null ? "" : "+"} {rows.length === 1 ? "deployment" : "deployments"}
            {attention === 0 ? "" : ` · ${attention} ${attention === 1 ? "needs" : "need"} attention`}
          </p>
        </div>
        <SearchField
          label="Search by name or title"
          value={typed}
          onChange={({ target }) => type(target.value)}
          className="w-full sm:ml-auto sm:w-72"
        />
        <Link href={pathOfNew(group)} prefetch={false} className={buttonClass("primary")}>
          New deployment
        </Link>
      </div>
      <p role="status" aria-live="polite" className="sr-only">
        {announcement}
      </p>
      {rows.length === 0 && settled === "" ? <NothingDeployed group={group} /> : null}
      {rows.length === 0 && settled !== "" ? <NothingFound search={settled} clear={() => type("")} /> : null}
      {shown.length === 0 ? null : (
        <div {...holdProps}>
          {waiting === 0 ? null : (
            <p className="mb-2 text-center">
              <Button onClick={release}>
                Show {waiting} {waiting === 1 ? "change" : "changes"}
              </Button>
            </p>
          )}
          <DeploymentsTable
            rows={shown}
            nowMs={now}
            gatewayUrl={gatewayUrl}
            withGroup={group === EVERY_GROUP}
            action={(row) => <CopyCurlButton row={row} gatewayUrl={gatewayUrl} readSample={readSample} />}
          />
        </div>
      )}
      {more === null ? null : (
        <p className="mt-4 text-center">
          <Button onClick={more}>Show more</Button>
        </p>
      )}
    </>
  );
}
