import type { RegisteredModelView } from "@slipway/contracts";
import { Notice } from "@slipway/ui/notice";
import { redirect } from "next/navigation";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { EVERY_GROUP } from "../frame/group.ts";
import { ModelAbsent } from "./model-absent.tsx";
import { type ModelsQuery, pathOfModels } from "./model-path.ts";
import { ModelView } from "./model-view.tsx";
import { readRegistry } from "./read-registry.ts";
import { PAGE_ITEMS, type VersionsPart } from "./registry-parts.ts";

/** The page of one registered model: what it is for, its aliases, its versions. */
export async function ModelPage({ name, query }: { name: string; query: ModelsQuery }) {
  const { group, after } = query;
  // A name is one of its group only; for all groups there is the list.
  if (group === EVERY_GROUP) redirect(pathOfModels({ group, search: "", after: "" }));
  const path = `/models/${encodeURIComponent(name)}`;
  const [model, versions] = await Promise.all([
    readRegistry<RegisteredModelView>(path, { group }),
    readRegistry<VersionsPart>(`${path}/versions`, { group, after, limit: String(PAGE_ITEMS) }),
  ]);
  return (
    <Frame>
      {model.ok && versions.ok ? (
        <TrpcProvider key={`${group}/${name}`}>
          <ModelView first={{ model: model.body, versions: versions.body }} after={after} nowMs={Date.now()} />
        </TrpcProvider>
      ) : !model.ok && model.reason === "not allowed" ? (
        <Notice tone="warn" title={`You may not see the models of group ${group}.`}>
          <p>Ask an administrator of the group for the role of a viewer.</p>
        </Notice>
      ) : (
        <ModelAbsent title={`There is no model ${name} in group ${group}`} group={group} />
      )}
    </Frame>
  );
}
