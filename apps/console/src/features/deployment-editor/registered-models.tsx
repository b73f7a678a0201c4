import type { ModelVersionView, RegisteredModelView } from "@slipway/contracts";
import { SelectField } from "@slipway/ui/field";
import { Notice } from "@slipway/ui/notice";
import { SearchField } from "@slipway/ui/search-field";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { controlId } from "./form-fields.ts";
import { SignatureWords } from "./known-model-list.tsx";
import { choiceOf, type RegisteredChoice, referenceOf, versionChoices } from "./registered-choice.ts";
import { useSettled } from "./use-settled.ts";

export const REGISTERED_KEY = "registered";
const MODELS_READ = 50;
const TYPING_STOPS_MS = 250;

type Props = { group: string; chosen: RegisteredChoice | null; onTake: (choice: RegisteredChoice) => void };

/** The registry's models, to take one of them: a version for good, or whatever an alias stands for. */
export function RegisteredModels({ group, chosen, onTake }: Props) {
  const [search, setSearch] = useState("");
  const settled = useSettled(search, TYPING_STOPS_MS);
  const { data, error } = useQuery({
    queryKey: [REGISTERED_KEY, group, settled],
    queryFn: ({ signal }) =>
      trpc.registry.list.query(
        { group, limit: MODELS_READ, ...(settled === "" ? {} : { search: settled }) },
        { signal },
      ),
  });
  if (error !== null) return <Notice tone="warn" title="The registered models could not be read." />;
  const models = (data?.items ?? []).filter(({ latestVersion }) => latestVersion !== null);
  return (
    <div id={controlId("modelUri")} className="grid gap-3">
      <SearchField label="Search registered models" value={search} onChange={({ target }) => setSearch(target.value)} />
      {data === undefined ? <Skeleton className="h-16 w-full" /> : null}
      {data !== undefined && models.length === 0 ? (
        <p className="text-ink-soft text-sm">
          {settled === "" ? "No model is registered in this group yet." : `No registered model matches “${settled}”.`}
        </p>
      ) : null}
      <fieldset className="grid max-h-96 gap-2 overflow-y-auto p-0.5">
        <legend className="sr-only">Registered model</legend>
        {models.map((model) => (
          <RegisteredModel key={model.name} model={model} chosen={chosen} onTake={onTake} />
        ))}
      </fieldset>
    </div>
  );
}

type ModelProps = { model: RegisteredModelView } & Pick<Props, "chosen" | "onTake">;

function RegisteredModel({ model, chosen, onTake }: ModelProps) {
  const isChosen = chosen?.name === model.name;
  return (
    <div className="rounded-lg border border-line p-3 has-checked:border-accent has-checked:bg-hover">
      <label className="flex cursor-pointer items-start gap-3">
        <input
          type="radio"
          name="registered-model"
          checked={isChosen}
          onChange={() => onTake({ name: model.name, version: model.latestVersion })}
          className="mt-0.5 size-5 shrink-0 accent-accent"
        />
        <span className="min-w-0">
          <span className="wrap-anywhere block font-medium text-sm">{model.name}</span>
          <span className="wrap-anywhere block text-ink-soft text-sm">
            {model.description === "" ? null : `${model.description} · `}
            {model.versionCount} {model.versionCount === 1 ? "version" : "versions"}
          </span>
        </span>
      </label>
      {isChosen ? <VersionChoice model={model} chosen={chosen} onTake={onTake} /> : null}
    </div>
  );
}

function VersionChoice({ model, chosen, onTake }: ModelProps & { chosen: RegisteredChoice }) {
  const { group, name } = model;
  const { data } = useQuery({
    queryKey: [REGISTERED_KEY, group, name, "versions"],
    queryFn: ({ signal }) => trpc.registry.versions.query({ group, name, limit: MODELS_READ }, { signal }),
  });
  const versions: readonly ModelVersionView[] = data?.items ?? [];
  const number = chosen.version ?? model.aliases[chosen.alias ?? ""] ?? model.latestVersion;
  return (
    <div className="mt-3 grid gap-2 sm:pl-8">
      <SelectField
        label="Version"
        value={referenceOf(chosen)}
        hint="A version stays; an alias is followed when it is moved."
        onChange={({ target }) => onTake(choiceOf(name, target.value))}
      >
        {versionChoices(model, versions, chosen).map(({ reference, words }) => (
          <option key={reference} value={reference}>
            {words}
          </option>
        ))}
      </SelectField>
      <SignatureWords signature={versions.find(({ version }) => version === number)?.signature ?? null} />
    </div>
  );
}
