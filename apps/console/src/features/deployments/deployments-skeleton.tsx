import { Skeleton } from "@slipway/ui/skeleton";

const LINES = ["first", "second", "third", "fourth", "fifth"];

/** The list before its first answer, in the list's own measures, so that nothing jumps. */
export function DeploymentsSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading deployments</span>
      <Skeleton className="mt-2 mb-5 h-4 w-48" />
      <div className="mb-3 flex flex-wrap gap-2">
        <Skeleton className="h-9 w-full sm:w-80" />
        <Skeleton className="h-9 w-40" />
        <Skeleton className="h-9 w-28" />
        <Skeleton className="h-9 w-28" />
      </div>
      <div className="rounded-xl border border-line bg-surface">
        {LINES.map((line) => (
          <div key={line} className="flex min-h-20 flex-wrap gap-x-8 gap-y-3 border-line border-b p-4 last:border-b-0">
            <Skeleton className="w-40" />
            <Skeleton className="w-64" />
            <Skeleton className="w-32" />
            <Skeleton className="ml-auto w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
