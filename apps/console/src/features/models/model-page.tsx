import type { ModelVersionView, RegisteredModelView } from "@slipway/contracts";
import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Frame } from "../frame/frame.tsx";
import { EVERY_GROUP } from "../frame/group.ts";
import { AliasSection } from "./alias-section.tsx";
import { DeleteButton } from "./delete-dialog.tsx";
import { DeployedIn } from "./deployed-in.tsx";
import { DescriptionForm } from "./description-form.tsx";
import { ModelAbsent } from "./model-absent.tsx";
import { type ModelKey, type ModelsQuery, pathOfModel, pathOfModels } from "./model-path.ts";
import { readRegistry } from "./read-registry.ts";
import { UploadButton } from "./upload-dialog.tsx";
import { VersionsTable } from "./versions-table.tsx";

type Versions = { items: ModelVersionView[]; next: string | null };

/** The page of one registered model: what it is for, its aliases, its versions. */
export async function ModelPage({ name, query }: { name: string; query: ModelsQuery }) {
  const { group, after } = query;
  // A name is one of its group only; for all groups there is the list.
  if (group === EVERY_GROUP) redirect(pathOfModels({ group, search: "", after: "" }));
  const path = `/models/${encodeURIComponent(name)}`;
  const [model, versions] = await Promise.all([
    readRegistry<RegisteredModelView>(path, { group }),
    readRegistry<Versions>(`${path}/versions`, { group, after, limit: "50" }),
  ]);
  if (model.ok && versions.ok) return <Found model={model.body} versions={versions.body} after={after} />;
  return (
    <Frame>
      {!model.ok && model.reason === "not allowed" ? (
        <Notice tone="warn" title={`You may not see the models of group ${group}.`}>
          <p>Ask an administrator of the group for the role of a viewer.</p>
        </Notice>
      ) : (
        <ModelAbsent title={`There is no model ${name} in group ${group}`} group={group} />
      )}
    </Frame>
  );
}

function Found({ model, versions, after }: { model: RegisteredModelView; versions: Versions; after: string }) {
  return (
    <Frame>
      <nav aria-label="Way back" className="mb-2 text-sm">
        <Link
          href={pathOfModels({ group: model.group, search: "", after: "" })}
          className="inline-flex min-h-8 items-center text-ink-soft underline decoration-line underline-offset-4 hover:text-ink"
        >
          Models
        </Link>
      </nav>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 max-w-prose">
          <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">{model.name}</h1>
          <DescriptionForm model={model} />
        </div>
        <div className="flex flex-wrap gap-2">
          <UploadButton group={model.group} model={model.name} />
          <DeleteButton target={{ group: model.group, name: model.name }} />
        </div>
      </div>
      <div className="grid gap-6">
        <section aria-labelledby="deployed-in">
          <h2 id="deployed-in" className="mb-2 font-semibold text-lg">
            Deployed in
          </h2>
          <DeployedIn places={model.deployedIn} isAll />
        </section>
        <AliasSection model={model} />
        <section aria-labelledby="versions">
          <h2 id="versions" className="mb-2 font-semibold text-lg">
            Versions
          </h2>
          {versions.items.length === 0 ? (
            <p className="text-ink-soft">All versions were deleted. Upload one to deploy it.</p>
          ) : (
            <VersionsTable versions={versions.items} nowMs={Date.now()} />
          )}
          <Pages model={model} next={versions.next} after={after} />
        </section>
      </div>
    </Frame>
  );
}

function Pages({ model, next, after }: { model: ModelKey; next: string | null; after: string }) {
  return (
    <nav aria-label="Pages of versions" className="mt-4 flex flex-wrap justify-center gap-3">
      {after === "" ? null : (
        <Link href={pathOfModel(model)} className={buttonClass("plain")}>
          Latest
        </Link>
      )}
      {next === null ? null : (
        <Link href={pathOfModel(model, next)} className={buttonClass("plain")}>
          Older
        </Link>
      )}
    </nav>
  );
}
