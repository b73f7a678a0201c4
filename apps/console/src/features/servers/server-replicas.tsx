import type { HeldModelView, ServerReplicasView, ServerReplicaView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { Badge } from "@slipway/ui/badge";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import Link from "next/link";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { gpuWords, MODEL_STATE_WORDS } from "./fleet-words.ts";

const TITLES = ["Replica", "State", "Memory", "Models", "GPU"];

/** What each replica of a server offers and holds; unfolds by itself where there is only one server. */
export function ServerReplicas({ server, isOnly }: { server: ServerReplicasView; isOnly: boolean }) {
  const { name, group, replicas } = server;
  return (
    <details open={isOnly} data-server={`${group}/${name}`} className="rounded-xl border border-line bg-surface">
      <summary className="min-h-11 cursor-pointer rounded-xl px-4 py-2.5">
        <span className="wrap-anywhere font-semibold">{name}</span>
        <span className="text-ink-soft text-sm">
          {" "}
          in group {group} · {replicas.length} {replicas.length === 1 ? "replica" : "replicas"}
        </span>
      </summary>
      <div className="px-2 pb-2">
        {replicas.length === 0 ? (
          <p className="px-2 pb-2 text-ink-soft text-sm">No replica is there.</p>
        ) : (
          <CardTable caption={`Replicas of ${name}`} titles={TITLES}>
            {replicas.map((replica) => (
              <ReplicaLine key={replica.replica} replica={replica} name={`${group}/${name}/${replica.replica}`} />
            ))}
          </CardTable>
        )}
      </div>
    </details>
  );
}

function ReplicaLine({ replica, name }: { replica: ServerReplicaView; name: string }) {
  const { state, reason, crashes } = replica;
  return (
    <CardRow name={name} head={<span className="font-semibold">{replica.replica}</span>} className="">
      <CardCell title="State">
        <ReplicaState state={state} />
        {reason === "" ? null : <p className="mt-1 text-ink-soft first-letter:uppercase">{reason}</p>}
        {crashes === 0 ? null : (
          <p className="mt-1 text-ink-soft">
            Its model server crashed {crashes} {crashes === 1 ? "time" : "times"}.
          </p>
        )}
      </CardCell>
      <CardCell title="Memory" className="max-sm:col-span-full">
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 tabular-nums">
          <Figure term="offers" bytes={replica.capacityBytes} />
          <Figure term="declared" bytes={replica.declaredBytes} />
          <Figure term="measured" bytes={replica.measuredBytes} />
          <Figure term="free" bytes={replica.freeBytes} />
        </dl>
      </CardCell>
      <CardCell title="Models" className="col-span-full">
        <Models replica={replica} />
      </CardCell>
      <CardCell title="GPU">{gpuWords([replica])}</CardCell>
    </CardRow>
  );
}

function Figure({ term, bytes }: { term: string; bytes: number | null }) {
  return (
    <>
      <dt className="text-ink-soft">{term}</dt>
      <dd className="whitespace-nowrap">{bytes === null ? "not known" : formatMemory(bytes)}</dd>
    </>
  );
}

function Models({ replica: { models, others } }: { replica: ServerReplicaView }) {
  if (models.length === 0 && others.count === 0) return <span className="text-ink-soft">none</span>;
  return (
    <ul className="grid gap-1">
      {models.map((model) => (
        <li key={`${model.group}/${model.model}/${model.state}`}>
          <ModelName model={model} />
          <span className="text-ink-soft">
            {" "}
            {MODEL_STATE_WORDS[model.state]}, {formatMemory(model.declaredBytes)} declared
            {model.measuredBytes === null ? "" : `, ${formatMemory(model.measuredBytes)} measured`}
          </span>
        </li>
      ))}
      {others.count === 0 ? null : (
        <li className="text-ink-soft">
          {others.count} of other groups, {formatMemory(others.declaredBytes)} declared
        </li>
      )}
    </ul>
  );
}

function ModelName({ model: { group, deployment, model } }: { model: HeldModelView }) {
  if (deployment === null) return <span className="wrap-anywhere font-medium">{model}</span>;
  return (
    <Link
      href={pathOfDeployment({ group, name: deployment }, "overview")}
      prefetch={false}
      className="wrap-anywhere rounded font-medium text-accent underline underline-offset-4"
    >
      {deployment}
    </Link>
  );
}

function ReplicaState({ state }: { state: ServerReplicaView["state"] }) {
  switch (state) {
    case "ready":
      return <Badge icon="check" tone="good" word="Ready" />;
    case "draining":
      return <Badge icon="clock" tone="busy" word="On its way out" />;
    case "unready":
      return <Badge icon="warning" tone="warn" word="Not ready" />;
    default:
      return state satisfies never;
  }
}
