import type { RegisteredModelView } from "@slipway/contracts";
import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";
import { type ModelsQuery, pathOfModels } from "./model-path.ts";
import { ModelsSearch } from "./models-search.tsx";
import { ModelsTable } from "./models-table.tsx";
import { readRegistry } from "./read-registry.ts";
import { UploadButton, UploadHere } from "./upload-dialog.tsx";

type Part = { items: RegisteredModelView[]; next: string | null };

const PAGE_MODELS = "50";

/** The registered models of a group, page by page. All of what it shows is in its address. */
export async function ModelsPage({ query }: { query: ModelsQuery }) {
  const answer = await readRegistry<Part>("/models", { ...query, limit: PAGE_MODELS });
  const isBare = answer.ok && answer.body.items.length === 0 && query.search === "" && query.after === "";
  return (
    <Frame>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Models</h1>
          <p className="mt-0.5 text-ink-soft text-sm">Uploaded models and their versions, ready to be deployed</p>
        </div>
        {answer.ok && !isBare ? <UploadButton group={groupFor(query.group)} /> : null}
      </div>
      {answer.ok ? (
        isBare ? (
          <NothingHere group={query.group} />
        ) : (
          <Found part={answer.body} query={query} />
        )
      ) : answer.reason === "not allowed" ? (
        <Notice tone="warn" title={`You may not see the models of group ${query.group}.`}>
          <p>Ask an administrator of the group for the role of a viewer.</p>
        </Notice>
      ) : (
        <Notice tone="bad" title="This address asks for something that there is not.">
          <Link href="/models" className={`mt-3 ${buttonClass("plain")}`}>
            Show all models
          </Link>
        </Notice>
      )}
    </Frame>
  );
}

/** Uploads go into one group. */
function groupFor(group: string): string {
  return group === EVERY_GROUP ? DEFAULT_GROUP_NAME : group;
}

function Found({ part: { items, next }, query }: { part: Part; query: ModelsQuery }) {
  return (
    <>
      <ModelsSearch query={query} />
      {items.length === 0 ? (
        <div className="mx-auto max-w-md rounded-xl border border-line bg-surface px-6 py-10 text-center text-ink-soft">
          <h2 className="wrap-anywhere mb-2 font-semibold text-ink text-lg">No model matches “{query.search}”</h2>
          <p className="mb-4">The search looks at names and descriptions of this group.</p>
          <Link href={pathOfModels({ ...query, search: "", after: "" })} className={buttonClass("plain")}>
            Clear the search
          </Link>
        </div>
      ) : (
        <ModelsTable models={items} showsGroup={query.group === EVERY_GROUP} nowMs={Date.now()} />
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
