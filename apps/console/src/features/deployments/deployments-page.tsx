import { redirect } from "next/navigation";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME } from "../frame/group.ts";
import { NotAllowed } from "./deployments-empty.tsx";
import { DeploymentsList } from "./deployments-list.tsx";
import { readDeployments } from "./read-deployments.ts";

/** The first page: reads the URL and the first part of the list, and leaves what lives to the list itself. */
export async function DeploymentsPage({
  group = DEFAULT_GROUP_NAME,
  search,
}: {
  group?: string | undefined;
  search: string;
}) {
  const answer = await readDeployments({ group, search });
  if (!answer.ok && answer.reason === "signed out") redirect("/sign-in");
  return (
    <Frame>
      {answer.ok ? (
        <TrpcProvider key={group}>
          <DeploymentsList
            group={group}
            search={search}
            firstPart={answer.part}
            gatewayUrl={answer.gatewayUrl}
            nowMs={Date.now()}
          />
        </TrpcProvider>
      ) : (
        <>
          <h1 className="mb-4 font-semibold text-2xl">Deployments</h1>
          <NotAllowed group={group} />
        </>
      )}
    </Frame>
  );
}
