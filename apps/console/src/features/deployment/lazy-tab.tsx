import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { Skeleton } from "@slipway/ui/skeleton";
import dynamic from "next/dynamic";
import type { ComponentType } from "react";

/** A tab, or a large part of one, that is fetched when it is first shown; until then room is kept for it. */
export function lazyTab<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Waiting: ComponentType = TabSkeleton,
): ComponentType<Props> {
  return dynamic<Props>(() => load().catch(() => TabUnreachable), { loading: () => <Waiting /> });
}

function TabSkeleton() {
  return (
    <div role="status" className="grid min-h-96 content-start gap-6">
      <span className="sr-only">Loading</span>
      <Skeleton className="h-24 w-full rounded-xl" />
      <Skeleton className="h-64 w-full rounded-xl" />
    </div>
  );
}

function TabUnreachable() {
  return (
    <Notice tone="warn" title="This part of the page could not be fetched.">
      <p className="mb-3">Slipway did not answer, or it was upgraded since the page was opened.</p>
      <Button onClick={() => window.location.reload()}>Load the page again</Button>
    </Notice>
  );
}
