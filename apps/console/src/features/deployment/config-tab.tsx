import { buttonClass } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { CopyButton } from "@slipway/ui/copy-button";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

/** The manifest that the deployment is now, to read and take away. */
export function ConfigTab({ details }: { details: DeploymentDetails }) {
  const { group, name, uid, generation } = details;
  const { data, error } = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "manifest", generation],
    queryFn: ({ signal }) => trpc.history.revision.query({ kind: "deployments", group, name, generation }, { signal }),
  });
  if (data === undefined) {
    return error === null ? <Skeleton className="h-48 w-full" /> : <FailureNotice failure={failureOf(error)} />;
  }
  return (
    <section aria-labelledby="manifest" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="manifest" className="font-semibold text-lg">
          Manifest of revision {data.generation}
        </h2>
        <span className="flex flex-wrap gap-2 sm:ml-auto">
          <CopyButton text={data.manifest} what="the manifest" />
          <a
            href={`data:application/yaml;charset=utf-8,${encodeURIComponent(data.manifest)}`}
            download={`${name}.yaml`}
            className={buttonClass("plain")}
          >
            Download
          </a>
        </span>
      </div>
      <CodeBlock text={data.manifest} label="Manifest" />
    </section>
  );
}
