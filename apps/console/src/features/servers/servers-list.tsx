"use client";
import { SelectField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { EVERY_GROUP } from "../frame/group.ts";
import { FitPanel } from "./fit-panel.tsx";
import { ServerReplicas } from "./server-replicas.tsx";
import type { ServerOrder } from "./servers-address.ts";
import { SERVERS_MAX, type ServersPart } from "./servers-part.ts";
import { ServersTable } from "./servers-table.tsx";
import { useServerReplicas } from "./use-server-replicas.ts";
import { useServers } from "./use-servers.ts";
import { usePointedRow, useServersAddress } from "./use-servers-address.ts";

type Props = { group: string; first: ServersPart };

/** The live fleet: what there is for a group's models, and what to say when there is nothing. */
export function ServersList({ group, first }: Props) {
  const { rows, isPart, scale } = useServers({ group, first });
  const { replicasOf, failure, isReading } = useServerReplicas(group);
  const { order, sortBy, question, keepQuestion, pointedAt, isToScale } = useServersAddress();
  usePointedRow(pointedAt, isToScale);
  const known = rows.flatMap(({ uid }) => replicasOf.get(uid) ?? []);
  const formats = [...new Set(["onnx", ...rows.flatMap(({ capabilities }) => capabilities)])];
  return (
    <div className="@container">
      <h1 className="font-semibold text-2xl tracking-tight">Servers</h1>
      <p className="mt-0.5 mb-4 text-ink-soft text-sm">
        {rows.length}
        {isPart ? "+" : ""} {rows.length === 1 ? "server" : "servers"}
        {group === EVERY_GROUP ? "" : ` that models of group ${group} may be placed on`}
      </p>
      {pointedAt === "" || rows.some((row) => `${row.group}/${row.name}` === pointedAt) ? null : (
        <p role="status" className="wrap-anywhere mb-4 text-ink-soft text-sm">
          There is no server {pointedAt} here.
        </p>
      )}
      {rows.length === 0 ? (
        <NoServer group={group} />
      ) : (
        <>
          <SortField order={order} sortBy={sortBy} />
          <ServersTable {...{ rows, scale, replicasOf, order, sortBy, pointedAt }} />
        </>
      )}
      {isPart ? (
        <p className="mt-4 text-center text-ink-soft text-sm">
          The first {SERVERS_MAX} of each group are shown; all of them tell{" "}
          <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono">npx slipway get servers</code>
        </p>
      ) : null}
      {rows.length === 0 ? null : <FitPanel {...{ group, formats, question, keepQuestion }} />}
      {rows.length === 0 ? null : (
        <section aria-labelledby="replicas" className="mt-6">
          <h2 id="replicas" className="mb-3 font-semibold text-lg">
            What the replicas hold
          </h2>
          {failure === null ? null : (
            <p role="status" className="mb-3 max-w-prose text-ink-soft text-sm">
              {failure.code === "scheduler/no_leader"
                ? "No scheduler leads at the moment, so what the replicas hold is not known, or no longer certain. Serving goes on."
                : failure.words}
            </p>
          )}
          {isReading ? <Skeleton className="h-24 w-full rounded-xl" /> : null}
          <div className="grid gap-3">
            {known.map((server) => (
              <ServerReplicas key={server.uid} server={server} isOnly={known.length === 1} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

const ORDERS: readonly { order: ServerOrder; words: string }[] = [
  { order: { by: "name", isDown: false }, words: "name" },
  { order: { by: "name", isDown: true }, words: "name, last first" },
  { order: { by: "memory", isDown: true }, words: "memory used, most first" },
  { order: { by: "memory", isDown: false }, words: "memory used, least first" },
  { order: { by: "models", isDown: true }, words: "models, most first" },
  { order: { by: "models", isDown: false }, words: "models, fewest first" },
  { order: { by: "replicas", isDown: true }, words: "replicas, most first" },
  { order: { by: "replicas", isDown: false }, words: "replicas, fewest first" },
];

/** Sorts where the heads of the columns have no room. */
function SortField({ order, sortBy }: { order: ServerOrder; sortBy: (order: ServerOrder) => void }) {
  const value = ORDERS.findIndex((one) => one.order.by === order.by && one.order.isDown === order.isDown);
  return (
    <div className="mb-3 max-w-60 @4xl:hidden">
      <SelectField
        label="Sort by"
        value={value}
        onChange={({ target }) => {
          const chosen = ORDERS[Number(target.value)];
          if (chosen !== undefined) sortBy(chosen.order);
        }}
      >
        {ORDERS.map(({ words }, place) => (
          <option key={words} value={place}>
            {words}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function NoServer({ group }: { group: string }) {
  const inGroup = group === EVERY_GROUP ? "platform" : group;
  return (
    <div className="mx-auto max-w-md rounded-xl border border-line bg-surface px-6 py-10 text-center text-ink-soft">
      <h2 className="mb-2 font-semibold text-ink text-lg">There is no server yet</h2>
      <p>Models need one to be placed on. Apply a manifest such as this:</p>
      <pre className="my-3 whitespace-pre-wrap rounded-md bg-quiet-soft p-3 text-left font-mono text-sm">
        {`apiVersion: slipway.dev/v1\nkind: Server\nmetadata: { name: onnx, group: ${inGroup} }\nspec: { replicas: 1 }`}
      </pre>
      <p>It appears here by itself.</p>
    </div>
  );
}
