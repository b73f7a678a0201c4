import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";
import { pathOfList } from "./deployment-path.ts";
import { DeploymentRefused } from "./deployment-refused.tsx";
import { DeploymentView } from "./deployment-view.tsx";
import { readDeployment } from "./read-deployment.ts";

/** The page of one deployment: reads it for the first frame, and leaves what lives to the view. */
export async function DeploymentPage({
  name,
  group = DEFAULT_GROUP_NAME,
}: {
  name: string;
  group?: string | undefined;
}) {
  // A name is one of its group only; for all groups there is the list.
  if (group === EVERY_GROUP) redirect(pathOfList(EVERY_GROUP));
  const answer = await readDeployment({ group, name });
  if (!answer.ok) return <DeploymentRefused reason={answer.reason} group={group} name={name} />;
  return (
    <Frame>
      <TrpcProvider key={answer.body.metadata.uid}>
        <DeploymentView
          first={answer.body}
          gatewayUrl={(await headers()).get(INTERNAL_HEADERS.gatewayUrl) ?? ""}
          nowMs={Date.now()}
        />
      </TrpcProvider>
    </Frame>
  );
}
