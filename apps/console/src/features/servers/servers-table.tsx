import type { ServerReplicasView } from "@slipway/contracts";
import { CardCell, CardRow, CardTable, type SortableTitle } from "@slipway/ui/card-table";
import { DeploymentStatus } from "../deployments/deployment-status.tsx";
import { ReplicaCounts } from "../deployments/replica-counts.tsx";
import { gpuWords, measuredBytesOf, modelCountOf } from "./fleet-words.ts";
import { heatTint, MemoryBar } from "./memory-bar.tsx";
import { ScaleForm } from "./scale-form.tsx";
import type { ServerRow } from "./server-row.ts";
import { nextOrder, type ServerOrder, type ServerSort } from "./servers-address.ts";
import { sortServers } from "./sort-servers.ts";
import type { Scale } from "./use-servers.ts";

const COLUMNS: readonly { title: string; sort?: ServerSort }[] = [
  { title: "Server", sort: "name" },
  { title: "Status" },
  { title: "Can load" },
  { title: "Memory", sort: "memory" },
  { title: "Models", sort: "models" },
  { title: "GPU" },
  { title: "Replicas", sort: "replicas" },
];

type Props = {
  rows: readonly ServerRow[];
  scale: Scale;
  /** What the leader knows of their replicas, by uid; one that is missing is not known. */
  replicasOf: ReadonlyMap<string, ServerReplicasView>;
  order: ServerOrder;
  sortBy: (order: ServerOrder) => void;
  /** The row that the address points at, as `group/name`; empty for none. */
  pointedAt: string;
};

/** Servers line by line, in the order that is asked for. */
export function ServersTable({ rows, scale, replicasOf, order, sortBy, pointedAt }: Props) {
  const titles = COLUMNS.map(({ title, sort }) =>
    sort === undefined ? title : sortableTitle(title, sort, { order, sortBy }),
  );
  return (
    <CardTable caption="Servers" titles={titles}>
      {sortServers(rows, order, replicasOf).map((row) => (
        <CardRow
          key={row.uid}
          name={`${row.group}/${row.name}`}
          head={<ServerName row={row} />}
          isCurrent={pointedAt === `${row.group}/${row.name}`}
          className="@max-4xl:@xl:grid-cols-3"
        >
          <CardCell title="Status" className="col-span-full @4xl:max-w-sm">
            <DeploymentStatus {...row} />
            {row.message === "" ? null : (
              <p className="mt-2 max-w-prose break-words text-ink first-letter:uppercase">{row.message}</p>
            )}
            <Drift of={replicasOf.get(row.uid)} />
          </CardCell>
          <CardCell title="Can load">
            <span className="wrap-anywhere font-mono text-xs leading-6">{row.capabilities.join(", ")}</span>
          </CardCell>
          <CardCell title="Memory" className={`max-sm:order-1 max-sm:col-span-full ${heatTint(row.memory)}`}>
            <MemoryBar memory={row.memory} measuredBytes={measuredOf(replicasOf.get(row.uid))} />
          </CardCell>
          <CardCell title="Models">
            <ModelCount of={replicasOf.get(row.uid)} />
          </CardCell>
          <CardCell title="GPU">{gpusOf(replicasOf.get(row.uid))}</CardCell>
          <CardCell title="Replicas" className="col-span-full max-sm:order-2 sm:col-span-1">
            <ReplicaCounts {...row.replicas} />
            <ScaleForm row={row} scale={scale} />
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}

function sortableTitle(
  title: string,
  by: ServerSort,
  { order, sortBy }: Pick<Props, "order" | "sortBy">,
): SortableTitle {
  const isSorted = order.by === by;
  return {
    title,
    sorted: isSorted ? (order.isDown ? "descending" : "ascending") : null,
    press: () => sortBy(nextOrder(order, by)),
  };
}

type Known = { of: ServerReplicasView | undefined };
const UNKNOWN = "not known";

/** In what a server differs from what is asked for; nothing when in nothing. */
function Drift({ of }: Known) {
  if (of === undefined || of.drift.length === 0) return null;
  return <p className="mt-1 max-w-prose text-ink-soft first-letter:uppercase">{of.drift.join("; ")}</p>;
}

function ModelCount({ of }: Known) {
  if (of === undefined) return <span className="text-ink-soft">{UNKNOWN}</span>;
  const { own, others } = modelCountOf(of);
  return (
    <>
      <span className="block leading-6 tabular-nums">{own}</span>
      {others === 0 ? null : <span className="block text-ink-soft text-xs">and {others} of other groups</span>}
    </>
  );
}

function measuredOf(of: ServerReplicasView | undefined): number | null {
  return of === undefined ? null : measuredBytesOf(of);
}

function gpusOf(of: ServerReplicasView | undefined): string {
  return of === undefined ? UNKNOWN : gpuWords(of.replicas);
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
