import { Icon } from "@slipway/ui/icon";
import { RelativeTime } from "@slipway/ui/relative-time";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

/** What happened to the deployment and to its replicas, the latest first. */
export function EventsTab({ details, nowMs }: { details: DeploymentDetails; nowMs: number }) {
  const { group, name, uid } = details;
  const { data, error } = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "events"],
    queryFn: ({ signal }) => trpc.history.events.query({ kind: "deployments", group, name }, { signal }),
  });
  if (data === undefined) {
    return error === null ? <Skeleton className="h-32 w-full" /> : <FailureNotice failure={failureOf(error)} />;
  }
  if (data.items.length === 0) {
    return (
      <p className="rounded-xl border border-line bg-surface p-6 text-center text-ink-soft">
        Nothing out of the ordinary has happened to it.
      </p>
    );
  }
  return (
    <ul className="rounded-xl border border-line bg-surface">
      {data.items.map(({ reason, severity, message, count, firstAt, lastAt }) => (
        <li
          key={`${reason} ${firstAt} ${message}`}
          className="flex flex-wrap items-start gap-x-6 gap-y-1 border-line border-b p-4 text-sm last:border-b-0"
        >
          <div className="min-w-0 flex-1 basis-72">
            <p className={`flex items-center gap-2 font-medium text-sm ${severity === "warning" ? "text-warn" : ""}`}>
              <Icon name={severity === "warning" ? "warning" : "check"} />
              {reason}
              <span className="sr-only">, {severity}</span>
              {count > 1 ? <span className="text-ink-soft">{count} times</span> : null}
            </p>
            <p className="wrap-anywhere mt-1 max-w-prose first-letter:uppercase">{message}</p>
          </div>
          <RelativeTime iso={lastAt} nowMs={nowMs} />
        </li>
      ))}
    </ul>
  );
}
