"use client";
import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import { useNow } from "../deployments/use-now.ts";
import { AliasSection } from "./alias-section.tsx";
import { DeleteButton } from "./delete-dialog.tsx";
import { DeployedIn } from "./deployed-in.tsx";
import { DescriptionForm } from "./description-form.tsx";
import { ModelAbsent } from "./model-absent.tsx";
import { type ModelKey, pathOfModel, pathOfModels } from "./model-path.ts";
import { CLOCK_EVERY_MS, type ModelWithVersions } from "./registry-parts.ts";
import { UploadButton } from "./upload-dialog.tsx";
import { useModel } from "./use-registry.ts";
import { VersionsTable } from "./versions-table.tsx";

type Props = { first: ModelWithVersions; after: string; nowMs: number };

/** One registered model, live: what it is for, where it is deployed, its aliases and a page of its versions. */
export function ModelView({ first, after, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const { data, isGone } = useModel(first.model, after, first);
  const { model, versions } = data;
  if (isGone) return <ModelAbsent title={`Model ${model.name} was deleted`} group={model.group} />;
  return (
    <>
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
          <DeleteButton target={{ group: model.group, name: model.name }} usedBy={model.deployedIn} />
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
            <VersionsTable versions={versions.items} nowMs={now} />
          )}
          <Pages model={model} next={versions.next} after={after} />
        </section>
      </div>
    </>
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
