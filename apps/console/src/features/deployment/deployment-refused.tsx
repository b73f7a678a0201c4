import { NotAllowed } from "../deployments/deployments-empty.tsx";
import { Frame } from "../frame/frame.tsx";
import { DeploymentAbsent } from "./deployment-absent.tsx";

type Props = { reason: "not allowed" | "not found"; group: string; name: string };

/** The page of a deployment that cannot be shown, and why. */
export function DeploymentRefused({ reason, group, name }: Props) {
  switch (reason) {
    case "not allowed":
      return (
        <Frame>
          <h1 className="mb-4 font-semibold text-2xl">{name}</h1>
          <NotAllowed group={group} />
        </Frame>
      );
    case "not found":
      return (
        <Frame>
          <DeploymentAbsent
            title={`There is no deployment ${name} in group ${group}`}
            words="It was deleted, or it is in another group."
            group={group}
          />
        </Frame>
      );
    default:
      return reason satisfies never;
  }
}
