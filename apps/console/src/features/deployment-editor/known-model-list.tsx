import { Notice } from "@slipway/ui/notice";
import { SearchField } from "@slipway/ui/search-field";
import { Skeleton } from "@slipway/ui/skeleton";
import { useState } from "react";
import { controlId } from "./form-fields.ts";
import type { KnownModel } from "./known-models.ts";
import { signatureLines } from "./signature-words.ts";

const SEARCH_FROM = 6;

type Props = {
  /** null until they are read. */
  models: readonly KnownModel[] | null;
  isUnreachable: boolean;
  /** The address of the one that is chosen. */
  uri: string;
  onTake: (model: KnownModel) => void;
};

/** The models that are on the platform already, each with what it takes and gives. */
export function KnownModelList({ models, isUnreachable, uri, onTake }: Props) {
  const [search, setSearch] = useState("");
  if (models === null) {
    return isUnreachable ? (
      <Notice tone="warn" title="The models could not be read.">
        <p>Name one by its address meanwhile.</p>
      </Notice>
    ) : (
      <Skeleton className="h-16 w-full" />
    );
  }
  if (models.length === 0) {
    return <p className="text-ink-soft text-sm">No model is deployed in this group yet. Name one by its address.</p>;
  }
  const wanted = search.trim().toLowerCase();
  const shown = models.filter(({ title, uri: at }) => `${title} ${at}`.toLowerCase().includes(wanted));
  return (
    <div id={controlId("modelUri")} className="grid gap-3">
      {models.length < SEARCH_FROM ? null : (
        <SearchField label="Search models" value={search} onChange={({ target }) => setSearch(target.value)} />
      )}
      <fieldset>
        <legend className="sr-only">Model</legend>
        <div className="grid max-h-96 gap-2 overflow-y-auto p-0.5">
          {shown.map((model) => (
            <label
              key={model.key}
              className="flex cursor-pointer items-start gap-3 rounded-lg border border-line p-3 has-checked:border-accent has-checked:bg-hover"
            >
              <input
                type="radio"
                name="known-model"
                checked={model.uri === uri}
                onChange={() => onTake(model)}
                className="mt-0.5 size-5 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                <span className="wrap-anywhere block font-medium text-sm">{model.title}</span>
                <span className="wrap-anywhere block font-mono text-ink-soft text-xs">{model.uri}</span>
                <SignatureWords signature={model.signature} />
              </span>
            </label>
          ))}
        </div>
        {shown.length === 0 ? <p className="text-ink-soft text-sm">No model matches “{search}”.</p> : null}
      </fieldset>
    </div>
  );
}

/** What a model takes and gives; says so where nobody knows it yet. */
export function SignatureWords({ signature }: { signature: KnownModel["signature"] }) {
  if (signature === null) {
    return <span className="mt-1 block text-ink-soft text-xs">Its signature is known once it has been loaded.</span>;
  }
  const { inputs, outputs } = signatureLines(signature);
  return (
    <span className="mt-1 grid gap-x-4 text-ink-soft text-xs sm:grid-cols-2">
      <span className="wrap-anywhere">Takes {inputs.join("; ")}</span>
      <span className="wrap-anywhere">{outputs.length === 0 ? "" : `Gives ${outputs.join("; ")}`}</span>
    </span>
  );
}
