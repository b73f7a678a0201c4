import { proposeName } from "@slipway/contracts/propose-name";
import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { Icon } from "@slipway/ui/icon";
import { useEditorForm } from "./editor-context.ts";
import { EditorField, EditorSelect, EditorTextArea } from "./editor-field.tsx";
import { EditorSection } from "./editor-section.tsx";
import { fieldText } from "./form-fields.ts";
import type { NameState } from "./use-name-check.ts";

const ENVIRONMENTS = ["development", "staging", "production"];

type Props = {
  nameState: NameState;
  /** The name was typed by a person, so a title proposes none any more. */
  isNameOwn: boolean;
  ownName: () => void;
};

/** What the deployment is called and what people should know of it. */
export function DetailsSection({ nameState, isNameOwn, ownName }: Props) {
  const { editor } = useEditorForm();
  return (
    <EditorSection id="details">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EditorField
          name="title"
          hint={editor.isNew ? "What people read. The name is made from it." : "What people read."}
          maxLength={200}
          onTyped={(title) => {
            if (editor.isNew && !isNameOwn) editor.put("name", proposeName(title));
          }}
        />
        {editor.isNew ? (
          <div>
            <EditorField
              name="name"
              hint="Part of its address. It cannot be changed later."
              spellCheck={false}
              autoCapitalize="none"
              maxLength={63}
              onTyped={ownName}
            />
            <NameWords state={nameState} />
          </div>
        ) : (
          <TextField
            label="Name"
            value={fieldText(editor.value, "name", "")}
            disabled
            hint="The name stands in its address, which callers use, so it stays. Clone it to have another one."
          />
        )}
      </div>
      <EditorTextArea name="description" rows={3} hint="For whoever looks after it next." />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EditorSelect
          name="environment"
          choices={ENVIRONMENTS}
          hint="A change of what is in production needs a message."
        />
        <EditorField name="labels" hint="Such as team=growth, stage=test." spellCheck={false} autoCapitalize="none" />
      </div>
      <TextField
        label="Group"
        value={fieldText(editor.value, "group", "default")}
        disabled
        hint={
          editor.isNew
            ? "The group of this page; choose another one above to deploy there."
            : "What belongs to a group stays in it; its address and its tokens hang on it."
        }
      />
    </EditorSection>
  );
}

/** Whether the name can be had, said politely; a number is offered behind one that is taken. */
function NameWords({ state }: { state: NameState }) {
  const { editor } = useEditorForm();
  const offered = state.state === "refused" ? state.proposal : null;
  return (
    <div className="mt-1 flex min-h-6 flex-wrap items-center gap-2 text-sm">
      <p role="status" aria-live="polite">
        {state.state === "checking" ? <span className="text-ink-soft">Looking whether it is free…</span> : null}
        {state.state === "unknown" ? (
          <span className="text-ink-soft">Not known whether it is free: Slipway does not answer.</span>
        ) : null}
        {state.state === "free" ? (
          <span className="inline-flex items-center gap-1 text-good">
            <Icon name="check" /> This name is free.
          </span>
        ) : null}
        {offered === null ? null : <span>{offered} is free.</span>}
      </p>
      {offered === null ? null : <Button onClick={() => editor.put("name", offered)}>Use {offered}</Button>}
    </div>
  );
}
