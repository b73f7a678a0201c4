import type { ReactNode } from "react";
import { DeploymentStatus } from "../deployments/deployment-status.tsx";
import { MemoryBar } from "./memory-bar.tsx";
import { ScaleForm } from "./scale-form.tsx";
import type { ServerRow } from "./server-row.ts";
import type { Scale } from "./use-servers.ts";

/** Said outright: where `display` is changed for the cards, Safari would take the table's own roles away. */
const ROLE = {
  table: { role: "table" },
  rowgroup: { role: "rowgroup" },
  row: { role: "row" },
  columnheader: { role: "columnheader" },
  rowheader: { role: "rowheader" },
  cell: { role: "cell" },
} as const;

const TITLES = ["Server", "Status", "Can load", "Memory", "Replicas"];

/** Servers line by line; below 64rem each line becomes a card, so that nothing has to be scrolled sideways. */
export function ServersTable({ rows, scale }: { rows: readonly ServerRow[]; scale: Scale }) {
  return (
    <div className="rounded-xl border border-line bg-surface">
      <table {...ROLE.table} className="w-full text-left text-sm max-lg:block">
        <caption className="sr-only">Servers</caption>
        <thead {...ROLE.rowgroup} className="text-ink-soft max-lg:sr-only">
          <tr {...ROLE.row} className="border-line border-b">
            {TITLES.map((title) => (
              <th key={title} {...ROLE.columnheader} scope="col" className="px-4 py-2.5 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLE.rowgroup} className="max-lg:block">
          {rows.map((row) => (
            <tr
              key={row.uid}
              {...ROLE.row}
              data-name={`${row.group}/${row.name}`}
              className="border-line border-b align-top last:border-b-0 max-lg:grid max-lg:grid-cols-2 max-lg:gap-3 max-lg:p-4 max-lg:sm:grid-cols-3"
            >
              <th {...ROLE.rowheader} scope="row" className="col-span-full font-normal lg:max-w-64 lg:px-4 lg:py-3">
                <span className="block break-words font-semibold text-base text-ink">{row.title || row.name}</span>
                {row.title === "" ? null : (
                  <span className="block break-all font-mono text-ink-soft text-xs">{row.name}</span>
                )}
                <span className="block text-ink-soft text-xs">group {row.group}</span>
              </th>
              <Cell title="Status" className="col-span-full lg:max-w-sm">
                <DeploymentStatus {...row} />
                {row.message === "" ? null : (
                  <p className="mt-2 max-w-prose break-words text-ink first-letter:uppercase">{row.message}</p>
                )}
              </Cell>
              <Cell title="Can load">
                <span className="wrap-anywhere font-mono text-xs leading-6">{row.capabilities.join(", ")}</span>
              </Cell>
              <Cell title="Memory">
                <MemoryBar memory={row.memory} />
              </Cell>
              <Cell title="Replicas" className="col-span-full sm:col-span-1">
                <Replicas {...row.replicas} />
                <ScaleForm row={row} scale={scale} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A cell that says its column's name where the columns have gone. */
function Cell({ title, className = "", children }: { title: string; className?: string; children: ReactNode }) {
  return (
    <td {...ROLE.cell} className={`lg:px-4 lg:py-3 ${className}`}>
      <span aria-hidden="true" className="mb-1 block text-ink-soft text-xs lg:hidden">
        {title}
      </span>
      {children}
    </td>
  );
}

function Replicas({ ready, starting, wanted }: ServerRow["replicas"]) {
  return (
    <span className="whitespace-nowrap leading-6">
      <span className="font-medium tabular-nums">
        {ready}/{wanted}
      </span>{" "}
      ready
      {starting > 0 ? <span className="text-busy"> · {starting} starting</span> : null}
    </span>
  );
}
