import { Skeleton } from "@slipway/ui/skeleton";
import { Frame } from "../frame/frame.tsx";

/** The form before its first answer. */
export function EditorSkeleton({ title }: { title: string }) {
  return (
    <Frame>
      <h1 className="sr-only">{title}</h1>
      <div role="status" className="grid gap-6">
        <span className="sr-only">Loading the form</span>
        <Skeleton className="h-8 w-64" />
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Skeleton className="h-96 w-full rounded-xl" />
          <Skeleton className="h-64 w-full rounded-xl" />
        </div>
      </div>
    </Frame>
  );
}
