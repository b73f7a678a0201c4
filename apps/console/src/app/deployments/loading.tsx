import { DeploymentsSkeleton } from "../../features/deployments/deployments-skeleton.tsx";
import { Frame } from "../../features/frame/frame.tsx";

export default function DeploymentsLoading() {
  return (
    <Frame>
      <h1 className="mb-4 font-semibold text-2xl">Deployments</h1>
      <DeploymentsSkeleton />
    </Frame>
  );
}
