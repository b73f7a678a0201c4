import { Icon } from "@slipway/ui/icon";
import { RelativeTime } from "@slipway/ui/relative-time";
import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { endpointOf } from "./curl-line.ts";
import type { DeploymentRow } from "./deployment-row.ts";
import { DeploymentStatus } from "./deployment-status.tsx";

type Props = {
  rows: readonly DeploymentRow[];
  nowMs: number;
  gatewayUrl: string;
  withGroup: boolean;
  /** What can be done with a row's endpoint. */
  action: (row: DeploymentRow) => ReactNode;
};

/** Said outright: where `display` is changed for the cards, Safari would take the table's own roles away. */
const ROLE = {
  table: { role: "table" },
  rowgroup: { role: "rowgroup" },
  row: { role: "row" },
  columnheader: { role: "columnheader" },
  rowheader: { role: "rowheader" },
  cell: { role: "cell" },
} as const;

/** Deployments line by line; below 64rem each line becomes a card, so that nothing has to be scrolled sideways. */
export function DeploymentsTable({ rows, nowMs, gatewayUrl, withGroup, action }: Props) {
  return (
    <div className="rounded-xl border border-line bg-surface">
      <table {...ROLE.table} className="w-full text-left text-sm max-lg:block">
        <caption className="sr-only">Deployments</caption>
        <thead {...ROLE.rowgroup} className="text-ink-soft max-lg:sr-only">
          <tr {...ROLE.row} className="border-line border-b">
            {["Deployment", "Status", "Model", "Replicas", "Updated", "Endpoint"].map((title) => (
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
              data-name={row.name}
              className="border-line border-b align-top last:border-b-0 hover:bg-hover max-lg:grid max-lg:grid-cols-2 max-lg:gap-3 max-lg:p-4 max-lg:sm:grid-cols-4"
            >
              <th {...ROLE.rowheader} scope="row" className="col-span-full font-normal lg:max-w-64 lg:px-4 lg:py-3">
                <NameCell row={row} withGroup={withGroup} />
              </th>
              <Cell title="Status" className="col-span-full lg:max-w-sm">
                <DeploymentStatus {...row} />
                {row.message === "" ? null : (
                  <p className="mt-2 max-w-prose break-words text-ink first-letter:uppercase">{row.message}</p>
                )}
              </Cell>
              <Cell title="Model" className="col-span-2 sm:col-span-1 lg:max-w-52">
                <ModelName row={row} />
              </Cell>
              <Cell title="Replicas">
                <Replicas {...row.replicas} />
              </Cell>
              <Cell title="Updated">
                <RelativeTime iso={row.updatedAt} nowMs={nowMs} />
              </Cell>
              <Cell title="Endpoint" className="col-span-2 sm:col-span-1">
                <Endpoint row={row} gatewayUrl={gatewayUrl} action={action(row)} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The model's last two parts; the whole URI is its title. A line may break after each slash. */
function ModelName({ row }: { row: DeploymentRow }) {
  const [first = "", ...rest] = row.model.split("/");
  return (
    <span title={row.modelUri} className="wrap-anywhere block font-mono text-xs leading-6">
      {first}
      {rest.map((part) => (
        <Fragment key={part}>
          /<wbr />
          {part}
        </Fragment>
      ))}
    </span>
  );
}

function Endpoint({ row, gatewayUrl, action }: { row: DeploymentRow; gatewayUrl: string; action: ReactNode }) {
  const { pathname } = new URL(endpointOf({ ...row, gatewayUrl }));
  return (
    <>
      <span className="-mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 lg:flex-nowrap">
        <span className="inline-flex items-center gap-1 text-ink-soft">
          <Icon name={row.isPublic ? "globe" : "lock"} />
          {row.isPublic ? "Public" : "Private"}
        </span>
        {action}
      </span>
      <span className="wrap-anywhere mt-1 block font-mono text-ink-soft text-xs">{pathname}</span>
    </>
  );
}

function NameCell({ row, withGroup }: { row: DeploymentRow; withGroup: boolean }) {
  const { name, title, group } = row;
  return (
    <>
      <Link
        href={pathOfDeployment({ name, group })}
        prefetch={false}
        className="block break-words rounded font-semibold text-accent text-base underline-offset-4 hover:underline"
      >
        {title === "" ? name : title}
      </Link>
      {title === "" ? null : <span className="block break-all font-mono text-ink-soft text-xs">{name}</span>}
      {withGroup ? <span className="block text-ink-soft text-xs">group {group}</span> : null}
    </>
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

function Replicas({ ready, starting, wanted }: DeploymentRow["replicas"]) {
  return (
    <span className="whitespace-nowrap leading-6">
      <span className="font-medium tabular-nums">
        {ready}/{wanted}
      </span>{" "}
      ready
      {starting > 0 ? <span className="block text-busy">{starting} starting</span> : null}
    </span>
  );
}
