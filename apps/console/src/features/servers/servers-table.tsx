import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { DeploymentStatus } from "../deployments/deployment-status.tsx";
import { ReplicaCounts } from "../deployments/replica-counts.tsx";
import { MemoryBar } from "./memory-bar.tsx";
import { ScaleForm } from "./scale-form.tsx";
import type { ServerRow } from "./server-row.ts";
import type { Scale } from "./use-servers.ts";

const TITLES = ["Server", "Status", "Can load", "Memory", "Replicas"];

/** Servers line by line. */
export function ServersTable({ rows, scale }: { rows: readonly ServerRow[]; scale: Scale }) {
  return (
    <CardTable caption="Servers" titles={TITLES}>
      {rows.map((row) => (
        <CardRow
          key={row.uid}
          name={`${row.group}/${row.name}`}
          head={<ServerName row={row} />}
          className="max-lg:sm:grid-cols-3"
        >
          <CardCell title="Status" className="col-span-full lg:max-w-sm">
            <DeploymentStatus {...row} />
            {row.message === "" ? null : (
              <p className="mt-2 max-w-prose break-words text-ink first-letter:uppercase">{row.message}</p>
            )}
          </CardCell>
          <CardCell title="Can load">
            <span className="wrap-anywhere font-mono text-xs leading-6">{row.capabilities.join(", ")}</span>
          </CardCell>
          <CardCell title="Memory">
            <MemoryBar memory={row.memory} />
          </CardCell>
          <CardCell title="Replicas" className="col-span-full sm:col-span-1">
            <ReplicaCounts {...row.replicas} />
            <ScaleForm row={row} scale={scale} />
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}

function ServerName({ row }: { row: ServerRow }) {
  return (
    <>
      <span className="block break-words font-semibold text-base text-ink">{row.title || row.name}</span>
      {row.title === "" ? null : <span className="block break-all font-mono text-ink-soft text-xs">{row.name}</span>}
      <span className="block text-ink-soft text-xs">group {row.group}</span>
    </>
  );
}
