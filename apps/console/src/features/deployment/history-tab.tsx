import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Skeleton } from "@slipway/ui/skeleton";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { RevisionComparison } from "./revision-comparison.tsx";
import { RevisionList } from "./revision-list.tsx";
import { RollBackDialog } from "./roll-back-dialog.tsx";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

const PAGE_REVISIONS = 50;
const NEWEST: number | undefined = undefined;

type Props = { details: DeploymentDetails; nowMs: number; take: (resource: ResourceView) => void };

/** Every revision, what differs between any two, and the way back to one. */
export function HistoryTab({ details, nowMs, take }: Props) {
  const { group, name, uid, generation, isDeleting } = details;
  const [target, setTarget] = useState<number | null>(null);
  const [done, setDone] = useState("");
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "revisions"],
    queryFn: ({ pageParam, signal }) =>
      trpc.history.revisions.query(
        {
          kind: "deployments",
          group,
          name,
          limit: PAGE_REVISIONS,
          ...(pageParam === undefined ? {} : { before: pageParam }),
        },
        { signal },
      ),
    initialPageParam: NEWEST,
    getNextPageParam: ({ items }) => (items.length < PAGE_REVISIONS ? undefined : items.at(-1)?.generation),
  });
  if (data === undefined) {
    return error === null ? <Skeleton className="h-32 w-full" /> : <FailureNotice failure={failureOf(error)} />;
  }
  const revisions = data.pages.flatMap(({ items }) => items);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <p role="status" className="text-sm empty:hidden">
        {done}
      </p>
      <section aria-labelledby="revisions">
        <h2 id="revisions" className="mb-3 font-semibold text-lg">
          Revisions
        </h2>
        <p className="mb-3 max-w-prose text-ink-soft text-sm">
          Each change of the spec is one.{" "}
          <Link
            href={`/activity?${new URLSearchParams({ group, kind: "Deployment", name })}`}
            prefetch={false}
            className="rounded text-accent underline underline-offset-4"
          >
            All that was done to it
          </Link>
          , its tokens included, stands in the activity.
        </p>
        <RevisionList
          revisions={revisions}
          current={generation}
          nowMs={nowMs}
          action={(revision) => (
            <Button
              disabled={isDeleting}
              aria-label={`Roll back to revision ${revision.generation}`}
              onClick={() => setTarget(revision.generation)}
            >
              Roll back
            </Button>
          )}
        />
        {hasNextPage ? (
          <p className="mt-4 text-center">
            <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show older
            </Button>
          </p>
        ) : null}
      </section>
      {revisions.length < 2 ? null : (
        <RevisionComparison details={details} generations={revisions.map((revision) => revision.generation)} />
      )}
      {target === null ? null : (
        <RollBackDialog
          details={details}
          target={target}
          onClose={() => setTarget(null)}
          onDone={(resource) => {
            take(resource);
            setDone(`Revision ${resource.metadata.generation} brings back what revision ${target} was.`);
            setTarget(null);
          }}
        />
      )}
    </div>
  );
}
