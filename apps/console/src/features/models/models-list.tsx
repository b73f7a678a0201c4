"use client";
import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import type { ReactNode } from "react";
import { useNow } from "../deployments/use-now.ts";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";
import { type ModelsQuery, pathOfModels } from "./model-path.ts";
import { ModelsSearch } from "./models-search.tsx";
import { ModelsTable } from "./models-table.tsx";
import { CLOCK_EVERY_MS, type ModelsPart } from "./registry-parts.ts";
import { UploadButton, UploadHere } from "./upload-dialog.tsx";
import { useModels } from "./use-registry.ts";

type Props = { query: ModelsQuery; first: ModelsPart; nowMs: number };

/** A page of the registered models, live, and what to say when there is none. */
export function ModelsList({ query, first, nowMs }: Props) {
  const now = useNow(nowMs, CLOCK_EVERY_MS);
  const part = useModels(query, first);
  const isBare = part.items.length === 0 && query.search === "" && query.after === "";
  return (
    <>
      <ModelsTitle>{isBare ? null : <UploadButton group={groupFor(query.group)} />}</ModelsTitle>
      {isBare ? <NothingHere group={query.group} /> : <Found part={part} query={query} nowMs={now} />}
    </>
  );
}

/** What the page is, with what can be done beside it. */
export function ModelsTitle({ children }: { children?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
      <div>
        <h1 className="font-semibold text-2xl tracking-tight">Models</h1>
        <p className="mt-0.5 text-ink-soft text-sm">Uploaded models and their versions, ready to be deployed</p>
      </div>
      {children}
    </div>
  );
}

/** Uploads go into one group. */
function groupFor(group: string): string {
  return group === EVERY_GROUP ? DEFAULT_GROUP_NAME : group;
}

function Found({ part: { items, next }, query, nowMs }: { part: ModelsPart; query: ModelsQuery; nowMs: number }) {
  return (
    <>
      <ModelsSearch query={query} />
      {items.length === 0 ? (
        <div className="mx-auto max-w-md rounded-xl border border-line bg-surface px-6 py-10 text-center text-ink-soft">
          <h2 className="wrap-anywhere mb-2 font-semibold text-ink text-lg">No model matches “{query.search}”</h2>
          <p className="mb-4">The search looks at names, descriptions and aliases of this group.</p>
          <Link href={pathOfModels({ ...query, search: "", after: "" })} className={buttonClass("plain")}>
            Clear the search
          </Link>
        </div>
      ) : (
        <ModelsTable models={items} showsGroup={query.group === EVERY_GROUP} nowMs={nowMs} />
      )}
      <nav aria-label="Pages of models" className="mt-4 flex flex-wrap justify-center gap-3">
        {query.after === "" ? null : (
          <Link href={pathOfModels({ ...query, after: "" })} className={buttonClass("plain")}>
            First
          </Link>
        )}
        {next === null ? null : (
          <Link href={pathOfModels({ ...query, after: next })} className={buttonClass("plain")}>
            Next
          </Link>
        )}
      </nav>
    </>
  );
}

function NothingHere({ group }: { group: string }) {
  return (
    <section aria-labelledby="no-models" className="mx-auto max-w-xl rounded-xl border border-line bg-surface p-6">
      <h2 id="no-models" className="mb-1 font-semibold text-lg">
        No model is registered here yet
      </h2>
      <p className="mb-4 text-ink-soft">
        Upload one: it gets a name and a version, and can be deployed from here, the command line and manifests.
      </p>
      <UploadHere group={groupFor(group)} />
    </section>
  );
}
