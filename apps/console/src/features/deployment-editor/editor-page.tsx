import type { ResourceView } from "@slipway/contracts";
import { proposeName } from "@slipway/contracts/propose-name";
import { redirect } from "next/navigation";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { pathOfList } from "../deployment/deployment-path.ts";
import { DeploymentRefused } from "../deployment/deployment-refused.tsx";
import { readDeployment } from "../deployment/read-deployment.ts";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";
import { readApi } from "../frame/read-api.ts";
import { EditEditor } from "./edit-editor.tsx";
import { cloneOf, emptyManifest, manifestOf, PATHS } from "./form-fields.ts";
import { setIn, type Tree } from "./manifest-value.ts";
import { NewEditor } from "./new-editor.tsx";
import { type RegisteredChoice, registeredModel, withModel } from "./registered-choice.ts";
import { type Hints, schemaHints } from "./schema-hints.ts";

type Revisions = { items: { manifest: string }[] };

type NewProps = {
  group: string | undefined;
  /** A deployment to begin like. */
  clone: string | undefined;
  /** A registered model to begin with, and which version of it. */
  model: string | undefined;
  version: string | undefined;
};

/** The page that makes a deployment: from nothing, from another one, or from a registered model. */
export async function NewDeploymentPage({ group, clone, model, version }: NewProps) {
  const own = group === undefined || group === EVERY_GROUP ? DEFAULT_GROUP_NAME : group;
  const hints = await readHints();
  const other = clone === undefined ? null : await readDeployment({ group: own, name: clone });
  if (other !== null && !other.ok) return <DeploymentRefused reason={other.reason} group={own} name={clone ?? ""} />;
  const began = model === undefined ? "" : `:model:${model}`;
  const variety = other === null ? began : `:clone:${other.body.metadata.uid}`;
  const value = other === null ? beginWith(emptyManifest(own), model, version) : cloneOf(other.body);
  return (
    <Frame>
      <TrpcProvider>
        <NewEditor
          key={`${own}${variety}`}
          start={{ value, source: "", seen: null, group: own }}
          hints={hints}
          title={other === null ? "New deployment" : `New deployment like ${clone}`}
          variety={variety}
          nowMs={Date.now()}
        />
      </TrpcProvider>
    </Frame>
  );
}

type EditProps = Pick<NewProps, "group" | "model" | "version"> & { name: string };

/** The page that changes a deployment; a registered model that the address names is put into it, to be reviewed. */
export async function EditDeploymentPage({ group = DEFAULT_GROUP_NAME, name, model, version }: EditProps) {
  if (group === EVERY_GROUP) redirect(pathOfList(EVERY_GROUP));
  const answer = await readDeployment({ group, name });
  if (!answer.ok) return <DeploymentRefused reason={answer.reason} group={group} name={name} />;
  const resource = answer.body;
  const { uid, version: seenVersion } = resource.metadata;
  const [hints, source] = await Promise.all([readHints(), readManifest(resource)]);
  const value = manifestOf(resource);
  return (
    <Frame>
      <TrpcProvider key={uid}>
        <EditEditor
          start={{
            ...{ value, source, seen: { uid, version: seenVersion }, group },
            ...(model === undefined ? {} : { wanted: withModel(value, choiceFrom(model, version)) }),
          }}
          first={resource}
          hints={hints}
          nowMs={Date.now()}
        />
      </TrpcProvider>
    </Frame>
  );
}

function beginWith(value: Tree, model: string | undefined, version: string | undefined): Tree {
  if (model === undefined) return value;
  const chosen = setIn(value, PATHS.model, registeredModel(choiceFrom(model, version)));
  return setIn(setIn(chosen, PATHS.title, model), PATHS.name, proposeName(model));
}

function choiceFrom(model: string, version: string | undefined): RegisteredChoice {
  return Number.isInteger(Number(version)) ? { name: model, version: Number(version) } : { name: model };
}

/** The text that the newest revision came from, for its comments; empty when it cannot be had, or is JSON, which has none. */
async function readManifest({ metadata: { group, name } }: ResourceView): Promise<string> {
  const answer = await readApi<Revisions>(`/deployments/${encodeURIComponent(name)}/revisions`, { group, limit: "1" });
  const text = answer.ok ? (answer.body.items[0]?.manifest ?? "") : "";
  return text.trimStart().startsWith("{") ? "" : text;
}

async function readHints(): Promise<Hints> {
  const answer = await readApi<Tree>("/schemas/deployments", {});
  return answer.ok ? schemaHints(answer.body) : {};
}
