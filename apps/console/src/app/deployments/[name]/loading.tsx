import { Skeleton } from "@slipway/ui/skeleton";
import { Frame } from "../../../features/frame/frame.tsx";

export default function DeploymentLoading() {
  return (
    <Frame>
      <h1 className="sr-only">Deployment</h1>
      <div role="status" className="grid gap-6">
        <span className="sr-only">Loading the deployment</span>
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-6 w-80" />
        <Skeleton className="h-48 w-full" />
      </div>
    </Frame>
  );
}
