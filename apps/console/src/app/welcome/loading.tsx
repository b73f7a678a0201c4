import { Skeleton } from "@slipway/ui/skeleton";
import { Frame } from "../../features/frame/frame.tsx";

export default function WelcomeLoading() {
  return (
    <Frame>
      <div role="status" className="mx-auto max-w-5xl">
        <span className="sr-only">Loading the first steps</span>
        <Skeleton className="mb-2 h-8 w-80 max-w-full" />
        <Skeleton className="mb-6 h-5 w-96 max-w-full" />
        <Skeleton className="h-96 w-full" />
      </div>
    </Frame>
  );
}
