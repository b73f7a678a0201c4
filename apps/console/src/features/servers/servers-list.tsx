"use client";
import { Skeleton } from "@slipway/ui/skeleton";
import { EVERY_GROUP } from "../frame/group.ts";
import { FitPanel } from "./fit-panel.tsx";
import { ServerReplicas } from "./server-replicas.tsx";
import { SERVERS_MAX, type ServersPart } from "./servers-part.ts";
import { ServersTable } from "./servers-table.tsx";
import { useServerReplicas } from "./use-server-replicas.ts";
import { useServers } from "./use-servers.ts";

type Props = { group: string; first: ServersPart };

/** The live fleet: what there is for a group's models, and what to say when there is nothing. */
export function ServersList({ group, first }: Props) {
  const { rows, isPart, scale } = useServers({ group, first });
  const { replicasOf, failure, isReading } = useServerReplicas(group);
  const known = rows.flatMap(({ uid }) => replicasOf.get(uid) ?? []);
  const formats = [...new Set(["onnx", ...rows.flatMap(({ capabilities }) => capabilities)])];
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">Servers</h1>
      <p className="mt-0.5 mb-4 text-ink-soft text-sm">
        {rows.length}
        {isPart ? "+" : ""} {rows.length === 1 ? "server" : "servers"}
        {group === EVERY_GROUP ? "" : ` that models of group ${group} may be placed on`}
      </p>
      {rows.length === 0 ? <NoServer group={group} /> : <ServersTable {...{ rows, scale, replicasOf }} />}
      {isPart ? (
        <p className="mt-4 text-center text-ink-soft text-sm">
          The first {SERVERS_MAX} of each group are shown; all of them tell{" "}
          <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono">npx slipway get servers</code>
        </p>
      ) : null}
      {rows.length === 0 ? null : <FitPanel group={group} formats={formats} />}
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
    </>
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
