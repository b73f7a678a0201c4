import { Skeleton } from "@slipway/ui/skeleton";

const LINES = ["first", "second", "third"];

/** A list before its first answer. `what` is said to those who cannot see it. */
export function LinesSkeleton({ what }: { what: string }) {
  return (
    <div role="status" className="rounded-xl border border-line bg-surface">
      <span className="sr-only">Loading {what}</span>
      {LINES.map((line) => (
        <div key={line} className="flex flex-wrap gap-x-8 gap-y-3 border-line border-b p-4 last:border-b-0">
          <Skeleton className="w-40" />
          <Skeleton className="w-64" />
          <Skeleton className="ml-auto w-20" />
        </div>
      ))}
    </div>
  );
}
