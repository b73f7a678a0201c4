import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { Icon } from "@slipway/ui/icon";
import { RelativeTime } from "@slipway/ui/relative-time";
import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { endpointOf } from "./curl-line.ts";
import type { DeploymentRow } from "./deployment-row.ts";
import { DeploymentStatus } from "./deployment-status.tsx";
import { ReplicaCounts } from "./replica-counts.tsx";

type Props = {
  rows: readonly DeploymentRow[];
  nowMs: number;
  gatewayUrl: string;
  withGroup: boolean;
  /** What can be done with a row's endpoint. */
  action: (row: DeploymentRow) => ReactNode;
};

const TITLES = ["Deployment", "Status", "Model", "Replicas", "Updated", "Endpoint"];

/** Deployments line by line. */
export function DeploymentsTable({ rows, nowMs, gatewayUrl, withGroup, action }: Props) {
  return (
    <CardTable caption="Deployments" titles={TITLES}>
      {rows.map((row) => (
        <CardRow
          key={row.uid}
          name={row.name}
          head={<NameCell row={row} withGroup={withGroup} />}
          className="hover:bg-hover max-lg:sm:grid-cols-4"
        >
          <CardCell title="Status" className="col-span-full lg:max-w-sm">
            <DeploymentStatus {...row} />
            {row.message === "" ? null : (
              <p className="mt-2 max-w-prose break-words text-ink first-letter:uppercase">{row.message}</p>
            )}
          </CardCell>
          <CardCell title="Model" className="col-span-2 sm:col-span-1 lg:max-w-52">
            <ModelName row={row} />
          </CardCell>
          <CardCell title="Replicas">
            <ReplicaCounts {...row.replicas} />
          </CardCell>
          <CardCell title="Updated">
            <RelativeTime iso={row.updatedAt} nowMs={nowMs} />
          </CardCell>
          <CardCell title="Endpoint" className="col-span-2 sm:col-span-1">
            <Endpoint row={row} gatewayUrl={gatewayUrl} action={action(row)} />
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
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
