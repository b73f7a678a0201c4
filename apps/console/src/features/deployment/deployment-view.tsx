"use client";
import type { ResourceView } from "@slipway/contracts";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useRef } from "react";
import { DeploymentStatus } from "../deployments/deployment-status.tsx";
import { useAnnouncement } from "../deployments/use-announcement.ts";
import { useNow } from "../deployments/use-now.ts";
import { DeploymentAbsent } from "./deployment-absent.tsx";
import { DeploymentActions } from "./deployment-actions.tsx";
import { deploymentDetails, servingSentence, statusSentence } from "./deployment-details.ts";
import { pathOfList, TAB_PARAMETER, tabOf } from "./deployment-path.ts";
import { DeploymentTabs } from "./deployment-tabs.tsx";
import { TabContent } from "./tab-content.tsx";
import type { Trial } from "./try/trial.ts";
import { useDeployment } from "./use-deployment.ts";

const CLOCK_EVERY_MS = 10_000;

type Props = { first: ResourceView; gatewayUrl: string; nowMs: number };

/** One deployment, live: what it is and how it is above, one of its tabs below. */
export function DeploymentView({ first, gatewayUrl, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const tab = tabOf(useSearchParams().get(TAB_PARAMETER));
  const { resource, isGone, take } = useDeployment(first);
  const trial = useRef<Trial | null>(null);
  const details = deploymentDetails(resource);
  const announcement = useAnnouncement([details], details.uid);
  const { name, title, group } = details;
  if (isGone) return <DeploymentAbsent title={`${name} was deleted`} words="Its name is free again." group={group} />;
  const serving = servingSentence(details);

  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={pathOfList(group)} className="rounded text-accent underline underline-offset-4">
          Deployments
        </Link>
        <span className="text-ink-soft"> / group {group}</span>
      </p>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">{title === "" ? name : title}</h1>
          <p className="mt-0.5 text-ink-soft text-sm">
            {title === "" ? null : (
              <>
                <span className="wrap-anywhere font-mono text-xs">{name}</span>
                {" · "}
              </>
            )}
            Revision {details.generation}
          </p>
        </div>
        <DeploymentActions details={details} take={take} />
      </div>
      <div className="mt-4">
        <DeploymentStatus {...details} />
        <p className="mt-2 max-w-prose break-words">{statusSentence(details)}</p>
        {serving === "" ? null : <p className="mt-1 max-w-prose text-ink-soft">{serving}</p>}
      </div>
      <p role="status" aria-live="polite" className="sr-only">
        {announcement}
      </p>
      <DeploymentTabs group={group} name={name} current={tab} />
      <TabContent tab={tab} details={details} gatewayUrl={gatewayUrl} nowMs={now} take={take} trial={trial} />
    </>
  );
}
