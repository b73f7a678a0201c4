import { CopyButton } from "@slipway/ui/copy-button";
import { Icon } from "@slipway/ui/icon";
import { RelativeTime } from "@slipway/ui/relative-time";
import type { ReactNode } from "react";
import { endpointOf } from "../deployments/curl-line.ts";
import { batchingSentence, type DeploymentDetails } from "./deployment-details.ts";
import { FirstCall } from "./first-call.tsx";
import { TrafficFigures } from "./metrics/traffic-figures.tsx";
import { ProgressList } from "./progress-list.tsx";

type Props = { details: DeploymentDetails; gatewayUrl: string; nowMs: number };

/** What a deployment is, how far it is, and how to call it. */
export function OverviewTab({ details, gatewayUrl, nowMs }: Props) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-6">
        <Facts details={details} nowMs={nowMs} url={endpointOf({ ...details, gatewayUrl })} />
        <TrafficFigures details={details} />
        <FirstCall details={details} gatewayUrl={gatewayUrl} nowMs={nowMs} />
      </div>
      <section aria-labelledby="progress" className="self-start rounded-xl border border-line bg-surface p-4 sm:p-5">
        <h2 id="progress" className="mb-3 font-semibold text-lg">
          Progress
        </h2>
        {details.progress.length === 0 ? (
          <p className="text-ink-soft text-sm">
            {details.isRunning && details.replicasAsked > 0 ? "No step has begun yet." : "No replica is asked for."}
          </p>
        ) : (
          <ProgressList progress={details.progress} />
        )}
      </section>
    </div>
  );
}

function Facts({ details, nowMs, url }: { details: DeploymentDetails; nowMs: number; url: string }) {
  const { replicas, reason } = details;
  return (
    <section aria-labelledby="facts" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="facts" className="sr-only">
        Facts
      </h2>
      {details.description === "" ? null : <p className="mb-4 max-w-prose break-words">{details.description}</p>}
      <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
        <Fact title="Replicas">
          <span className="font-medium tabular-nums">{replicas.ready}</span> ready ·{" "}
          <span className="font-medium tabular-nums">{replicas.starting}</span> starting ·{" "}
          <span className="font-medium tabular-nums">{replicas.wanted}</span> wanted
        </Fact>
        <Fact title="Environment">
          <span className="capitalize">{details.environment}</span>
        </Fact>
        <Fact title="Visibility">
          <span className="inline-flex items-center gap-1">
            <Icon name={details.isPublic ? "globe" : "lock"} />
            {details.isPublic ? "Public" : "Private"}
          </span>
        </Fact>
        <Fact title="Model">
          <span className="wrap-anywhere font-mono text-xs">{details.modelUri}</span>
        </Fact>
        {details.memory === "" ? null : <Fact title="Memory of one replica">{details.memory}</Fact>}
        {details.batching === null ? null : <Fact title="Requests">{batchingSentence(details.batching)}</Fact>}
        <Fact title="Created">
          <RelativeTime iso={details.createdAt} nowMs={nowMs} />
        </Fact>
        <Fact title="Updated">
          <RelativeTime iso={details.updatedAt} nowMs={nowMs} />
        </Fact>
        {reason === null ? null : (
          <Fact title="Error code">
            <span className="wrap-anywhere font-mono text-xs">{reason}</span>
          </Fact>
        )}
        <Fact title="URL" className="sm:col-span-2 xl:col-span-3">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="wrap-anywhere font-mono text-xs">{url}</span>
            <CopyButton text={url} what="the URL" />
          </span>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ title, className = "", children }: { title: string; className?: string; children: ReactNode }) {
  return (
    <div className={`min-w-0 ${className}`}>
      <dt className="text-ink-soft text-xs">{title}</dt>
      <dd className="mt-0.5 text-sm">{children}</dd>
    </div>
  );
}
