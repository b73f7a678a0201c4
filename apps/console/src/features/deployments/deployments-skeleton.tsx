import { Skeleton } from "@slipway/ui/skeleton";

const LINES = ["first", "second", "third"];

/** The list before its first answer, in the list's own measures, so that nothing jumps. */
export function DeploymentsSkeleton() {
  return (
    <div role="status" className="rounded-xl border border-line bg-surface">
      <span className="sr-only">Loading deployments</span>
      {LINES.map((line) => (
        <div key={line} className="flex flex-wrap gap-x-8 gap-y-3 border-line border-b p-4 last:border-b-0">
          <Skeleton className="w-40" />
          <Skeleton className="w-64" />
          <Skeleton className="w-32" />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
