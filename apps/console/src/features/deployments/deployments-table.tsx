import type { DeploymentRow, DeploymentSort } from "@slipway/contracts";
import { Icon } from "@slipway/ui/icon";
import { ROLE } from "@slipway/ui/table-roles";
import { type ReactNode, useEffect, useRef } from "react";
import { COLUMN, DEFAULT_COLUMNS } from "./columns.ts";
import { DeploymentLine } from "./deployment-line.tsx";
import { type ListQuery, nextSort, sortOf } from "./list-query.ts";

type Rate = NonNullable<DeploymentRow["rate"]>;

type Props = {
  rows: readonly DeploymentRow[];
  query: ListQuery;
  choose: (next: ListQuery) => void;
  withGroup: boolean;
  nowMs: number;
  rates: ReadonlyMap<string, Rate>;
  selected: ReadonlySet<string>;
  select: (uid: string, isRange: boolean) => void;
  selectAll: () => void;
  /** What can be done with a row's endpoint. */
  action: (row: DeploymentRow) => ReactNode;
};

/** Deployments line by line; cards where there is less room than 56rem. */
export function DeploymentsTable({ rows, query, choose, selected, select, selectAll, rates, ...rest }: Props) {
  const isWide = query.columns.length > DEFAULT_COLUMNS.length;
  return (
    <div className={`rounded-xl border border-line bg-surface ${isWide ? "overflow-x-auto" : ""}`}>
      <table {...ROLE.table} className="w-full text-left text-sm @max-4xl:block">
        <caption className="sr-only">Deployments</caption>
        <thead {...ROLE.rowgroup} className="text-ink-soft @max-4xl:block">
          <tr
            {...ROLE.row}
            className="border-line border-b @max-4xl:flex @max-4xl:items-center @max-4xl:px-4 @max-4xl:py-1"
          >
            <th {...ROLE.columnheader} scope="col" className="font-normal @4xl:w-10 @4xl:py-1 @4xl:pl-4">
              <SelectAll rows={rows} selected={selected} selectAll={selectAll} />
            </th>
            <Head title="Deployment" sort="name" query={query} choose={choose} />
            {query.columns.map((column) => (
              <Head key={column} {...COLUMN[column]} query={query} choose={choose} />
            ))}
            <th {...ROLE.columnheader} scope="col" className="w-10">
              <span className="sr-only">Call</span>
            </th>
          </tr>
        </thead>
        <tbody {...ROLE.rowgroup} className="@max-4xl:block">
          {rows.map((row) => (
            <DeploymentLine
              key={row.uid}
              row={row}
              rate={newest(row.rate, rates.get(row.uid))}
              columns={query.columns}
              isCompact={query.density === "compact"}
              isSelected={selected.has(row.uid)}
              select={select}
              {...rest}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A list that was read again may be newer than what was measured before. */
function newest(read: Rate | null, measured: Rate | undefined): Rate | null {
  if (measured === undefined) return read;
  return read === null || measured.at >= read.at ? measured : read;
}

type HeadProps = { title: string; sort: DeploymentSort | null; isFigure?: boolean } & Pick<Props, "query" | "choose">;

/** The head of a column; pressing it sorts by it. */
function Head({ title, sort, isFigure = false, query, choose }: HeadProps) {
  const isSorted = sort !== null && sortOf(query.sort) === sort;
  const isDown = query.sort.startsWith("-");
  const word = (
    <span
      className={`px-2 py-2.5 @5xl:px-3 font-medium ${isFigure ? "text-right" : ""} ${sort === null ? "block" : "@4xl:hidden"}`}
    >
      {title}
    </span>
  );
  return (
    <th
      {...ROLE.columnheader}
      scope="col"
      aria-sort={isSorted ? (isDown ? "descending" : "ascending") : undefined}
      className={`font-medium @max-4xl:sr-only ${isFigure ? "text-right" : ""}`}
    >
      {word}
      {sort === null ? null : (
        <button
          type="button"
          onClick={() => choose({ ...query, sort: nextSort(query.sort, sort) })}
          className={`hidden min-h-9 cursor-pointer items-center gap-1 whitespace-nowrap rounded px-2 font-medium @5xl:px-3 hover:text-ink @4xl:inline-flex ${
            isSorted ? "text-ink" : ""
          }`}
        >
          {title}
          {isSorted ? <Icon name={isDown ? "down" : "up"} className="size-3.5!" /> : null}
        </button>
      )}
    </th>
  );
}

function SelectAll({ rows, selected, selectAll }: Pick<Props, "rows" | "selected" | "selectAll">) {
  const box = useRef<HTMLInputElement>(null);
  const count = rows.filter(({ uid }) => selected.has(uid)).length;
  const isSome = count > 0 && count < rows.length;
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = isSome;
  }, [isSome]);
  return (
    <label className="flex min-h-8 min-w-8 cursor-pointer items-center gap-2">
      <input
        ref={box}
        type="checkbox"
        aria-label={`Select all ${rows.length} that are shown`}
        checked={rows.length > 0 && count === rows.length}
        onChange={selectAll}
        className="size-4"
      />
      <span aria-hidden="true" className="whitespace-nowrap text-sm @4xl:hidden">
        Select all
      </span>
    </label>
  );
}
