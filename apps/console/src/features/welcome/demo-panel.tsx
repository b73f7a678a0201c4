import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { Skeleton } from "@slipway/ui/skeleton";
import Link from "next/link";
import { deploymentDetails, statusSentence } from "../deployment/deployment-details.ts";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { ProgressList } from "../deployment/progress-list.tsx";
import { AttemptOutcome } from "../deployment/try/attempt-outcome.tsx";
import { prettyJson, readJson } from "../deployment/try/json-text.ts";
import { CopyCurlButton } from "../deployments/copy-curl-button.tsx";
import { DeploymentStatus } from "../deployments/deployment-status.tsx";
import { useSample, useSend } from "./use-demo.ts";

const LINK = "rounded text-accent underline underline-offset-4";

/** The demo, live: how it is, what it can be asked, and what it answers. */
export function DemoPanel({ demo, gatewayUrl }: { demo: ResourceView; gatewayUrl: string }) {
  const details = deploymentDetails(demo);
  const { name, group, title, description } = details;
  const isReady = details.replicas.ready > 0;
  const sample = useSample(demo.metadata, isReady);
  const { attempt, isSending, send } = useSend(demo.metadata);
  const key = { name, group };
  return (
    <section aria-labelledby="demo" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="mb-4 flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="demo" className="font-semibold text-lg">
            <Link href={pathOfDeployment(key)} className="rounded underline-offset-4 hover:underline">
              {title === "" ? name : title}
            </Link>
          </h2>
          <p className="text-ink-soft text-sm">{description}</p>
        </div>
        <DeploymentStatus {...details} />
      </div>
      {isReady && sample !== undefined ? (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-2">
          <div className="min-w-0">
            <h3 className="mb-2 font-semibold">Its sample request</h3>
            <CodeBlock text={pretty(sample)} label="Sample request" />
            <div className="mt-3 flex flex-wrap gap-2">
              <Button look="primary" disabled={isSending} onClick={() => void send(sample)}>
                {isSending ? "Sending…" : "Send"}
              </Button>
              <CopyCurlButton row={details} gatewayUrl={gatewayUrl} readSample={() => Promise.resolve(sample)} />
            </div>
            <p className="mt-3 text-ink-soft text-sm">
              Other values:{" "}
              <Link href={pathOfDeployment(key, "try")} className={LINK}>
                Try it
              </Link>
            </p>
          </div>
          <AttemptOutcome
            attempt={attempt}
            signature={details.signature}
            isSending={isSending}
            onUse={(body) => void send(body)}
          />
        </div>
      ) : (
        <Starting details={details} />
      )}
    </section>
  );
}

/** While nothing can be sent: how far it is, or what keeps it. */
function Starting({ details }: { details: ReturnType<typeof deploymentDetails> }) {
  const isWaiting = details.replicas.ready > 0;
  return (
    <div>
      <p className="mb-3 max-w-prose">{isWaiting ? "Reading its sample." : statusSentence(details)}</p>
      {isWaiting || details.progress.length === 0 ? (
        <Skeleton className="h-24 w-full" />
      ) : (
        <ProgressList progress={details.progress} />
      )}
    </div>
  );
}

function pretty(sample: string): string {
  const read = readJson(sample);
  return read.ok ? prettyJson(read.value) : sample;
}
