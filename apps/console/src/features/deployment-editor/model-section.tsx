import { proposeName } from "@slipway/contracts/propose-name";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { lazyTab } from "../deployment/lazy-tab.tsx";
import { AddressCheck } from "./address-check.tsx";
import { useEditorForm } from "./editor-context.ts";
import { EditorField } from "./editor-field.tsx";
import { EditorSection } from "./editor-section.tsx";
import { fieldText, PATHS } from "./form-fields.ts";
import { KnownModelList } from "./known-model-list.tsx";
import { type KnownModel, knownModels } from "./known-models.ts";
import { getIn, setIn } from "./manifest-value.ts";
import { modelTitle } from "./model-title.ts";
import { type RegisteredChoice, registeredChoice, registeredModel } from "./registered-choice.ts";
import { REGISTERED_KEY, RegisteredModels } from "./registered-models.tsx";

const UploadDrop = lazyTab(() => import("../models/upload-drop.tsx").then((module) => module.UploadDrop));

export const MODELS_KEY = "models";
const MODELS_READ = 200;

type Source = "registered" | "upload" | "known" | "address";
const SOURCES: readonly { value: Source; word: string }[] = [
  { value: "registered", word: "Registered" },
  { value: "upload", word: "Upload a file" },
  { value: "known", word: "Deployed already" },
  { value: "address", word: "By its address" },
];

/** Which model answers: one that is here already, or any that can be read at an address. */
export function ModelSection({ isNameOwn }: { isNameOwn: boolean }) {
  const { editor, hints } = useEditorForm();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<Source | null>(null);
  // What stands in the title because of a model, and goes with it when another one is chosen.
  const [proposed, setProposed] = useState("");
  const { data, error } = useQuery({
    queryKey: [MODELS_KEY, editor.group],
    queryFn: ({ signal }) =>
      trpc.resource.list.query({ kind: "deployments", group: editor.group, limit: MODELS_READ }, { signal }),
  });
  const models = data === undefined ? null : knownModels(data.items);
  // Decided once: what comes later must not take the field away that somebody types into.
  const [first, setFirst] = useState<Source | null>(editor.isNew ? null : "address");
  if (first === null && (models !== null || error !== null)) {
    setFirst(models === null || models.length === 0 ? "address" : "known");
  }
  const registered = registeredChoice(getIn(editor.value, PATHS.model));
  const source = chosen ?? (registered === null ? first : "registered");
  const uri = fieldText(editor.value, "modelUri", "");

  function take({ model, memory, title }: KnownModel) {
    let value = setIn(editor.value, PATHS.model, model);
    if (memory !== undefined) value = setIn(value, PATHS.memory, memory);
    editor.putAll(proposeFor(value, title));
  }

  function takeRegistered(choice: RegisteredChoice) {
    editor.putAll(proposeFor(setIn(editor.value, PATHS.model, registeredModel(choice)), choice.name));
  }

  function proposeFor(value: typeof editor.value, title: string) {
    const now = fieldText(value, "title", "");
    if (!editor.isNew || isNameOwn || (now !== "" && now !== proposed)) return value;
    setProposed(title);
    return setIn(setIn(value, PATHS.title, title), PATHS.name, proposeName(title));
  }

  return (
    <EditorSection id="model">
      <fieldset>
        <legend className="sr-only">Where the model comes from</legend>
        <div className="flex flex-wrap gap-2">
          {SOURCES.map(({ value, word }) => (
            <label
              key={value}
              className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md border border-outline px-3 text-sm has-checked:border-accent has-checked:bg-hover has-checked:font-medium"
            >
              <input
                type="radio"
                name="model-source"
                checked={source === value}
                onChange={() => setChosen(value)}
                className="size-4 accent-accent"
              />
              {word}
            </label>
          ))}
        </div>
      </fieldset>
      {source === null ? <Skeleton className="h-16 w-full" /> : null}
      {source === "registered" ? (
        <RegisteredModels group={editor.group} chosen={registered} onTake={takeRegistered} />
      ) : null}
      {source === "upload" ? (
        <UploadDrop
          group={editor.group}
          onDone={({ model, version }) => {
            void queryClient.invalidateQueries({ queryKey: [REGISTERED_KEY] });
            takeRegistered({ name: model, version });
            setChosen("registered");
          }}
        />
      ) : null}
      {source === "known" ? (
        <KnownModelList models={models} isUnreachable={error !== null} uri={uri} onTake={take} />
      ) : null}
      {source === "address" ? (
        <div>
          <EditorField
            name="modelUri"
            hint={`${hints[PATHS.modelUri.join(".")]?.help ?? ""} Such as file:///models/iris/model.onnx.`}
            spellCheck={false}
            autoCapitalize="none"
            onTyped={(typed) => {
              // Digest and sample belong to the model that stood here before.
              const model = { uri: typed, format: getIn(editor.value, [...PATHS.model, "format"]) };
              const next = setIn(editor.value, PATHS.model, model.format === undefined ? { uri: typed } : model);
              editor.putAll(proposeFor(next, modelTitle(typed)));
            }}
          />
          <AddressCheck
            uri={uri}
            memory={fieldText(editor.value, "memory", "")}
            onMemory={(memory) => editor.put("memory", memory)}
          />
        </div>
      ) : null}
    </EditorSection>
  );
}
