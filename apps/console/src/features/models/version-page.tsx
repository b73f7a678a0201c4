import type { ModelVersionView } from "@slipway/contracts";
import { Notice } from "@slipway/ui/notice";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { ModelAbsent } from "./model-absent.tsx";
import type { ModelKey } from "./model-path.ts";
import { readRegistry } from "./read-registry.ts";
import { VersionView } from "./version-view.tsx";

/** One version of a registered model: what it takes and gives, a request to try it with, and where it is deployed. */
export async function VersionPage({ name, group, version }: ModelKey & { version: string }) {
  const path = `/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const answer = await readRegistry<ModelVersionView>(path, { group });
  return (
    <Frame>
      {answer.ok ? (
        <TrpcProvider key={`${group}/${name}/${version}`}>
          <VersionView first={answer.body} />
        </TrpcProvider>
      ) : answer.reason === "not allowed" ? (
        <Notice tone="warn" title={`You may not see the models of group ${group}.`}>
          <p>Ask an administrator of the group for the role of a viewer.</p>
        </Notice>
      ) : (
        <ModelAbsent title={`There is no version ${version} of ${name} in group ${group}`} group={group} />
      )}
    </Frame>
  );
}
